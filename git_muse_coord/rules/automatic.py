"""What agents' hooks reserve without being asked: who of two was first, and how such reservations grow.

Of two that meet at a symbol the older one goes on. When several reservations become one, the new
one carries the time of the oldest as a further field, so that nobody loses his place by it.
"""

from __future__ import annotations

from git_muse_coord.model.address import Address, revive_stored
from git_muse_coord.model.codec import TIME, InvalidRecord
from git_muse_coord.model.continued import REPLACED_MOST, REPLACES, replaced_by
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_enum import StrEnum
from git_muse_coord.model.light_time import datetime, timedelta
from git_muse_coord.model.light_tools import suppress
from git_muse_coord.model.text_types import RecordId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from git_muse_coord.model.codec import Json
    from git_muse_coord.model.records import Reservation

SYMBOLS_AN_HOUR = 40
"""After so many records within an hour a run holds whole files instead of symbols."""

RECORDS_AN_HOUR = 60
"""A run makes at most so many records an hour by itself."""

TOGETHER_FROM = 4
"""So many reservations of one run are made one, ..."""
TOGETHER_AFTER = timedelta(minutes=10)
"""... or fewer once one of them is so old, ..."""
PAUSE = timedelta(minutes=1)
"""... but not more often than this."""

SYMBOLS_IN_FILE = 25
"""Of more symbols than this the whole file is held: it was written anew, and names every one of them."""

ADDRESSES_MOST = 200

_MARK = "automatic"
_SINCE = "since"

Age = tuple[datetime, RecordId]
"""What comes first is older: a time, and where two are of one moment, the id, which is the same in all clones."""


class Reach(StrEnum):
    """How wide an agent's hooks reserve what is edited."""

    SYMBOLS = "symbols"
    FILES = "files"
    NOTHING = "nothing"


def reach(records_of_the_hour: int) -> Reach:
    """How wide a run may reserve by itself that has made so many records within an hour."""
    if records_of_the_hour < SYMBOLS_AN_HOUR:
        return Reach.SYMBOLS
    return Reach.FILES if records_of_the_hour < RECORDS_AN_HOUR else Reach.NOTHING


def marks(since: datetime | None = None) -> dict[str, Json]:
    """The further fields of a reservation that nobody asked for, and that is in the place of an older one."""
    if since is None:
        return {_MARK: True}
    return {_MARK: True, _SINCE: TIME.write(since)}


def is_automatic(reservation: Reservation) -> bool:
    """Whether nobody asked for a reservation: an agent's hook made it."""
    return reservation.extra.get(_MARK) is True


def seniority(reservation_id: RecordId, reservation: Reservation) -> Age:
    """Since when somebody is at what is reserved: older than the record, where that replaced others."""
    since = reservation.created_at
    if is_automatic(reservation):
        # Other clones write what they like; nobody is younger than his own record.
        with suppress(InvalidRecord):
            since = min(since, TIME.read(reservation.extra.get(_SINCE)))
    return since, reservation_id


def whole_files(addresses: Iterable[Address]) -> list[Address]:
    """The files in which some addresses lie."""
    paths = dict.fromkeys(address.path for address in addresses)
    return list(map(Address, paths))


def narrowed(addresses: Sequence[Address]) -> list[Address]:
    """What to reserve of some touched addresses: a whole file where many of them lie in it."""
    counts: dict[str, int] = {}
    for address in addresses:
        counts[address.path] = counts.get(address.path, 0) + 1
    chosen: dict[Address, None] = {}
    for address in addresses:
        is_whole = counts[address.path] > SYMBOLS_IN_FILE
        chosen[Address(address.path) if is_whole else address] = None
    return list(chosen)


class Union(NamedTuple):
    """Several reservations of one run, branch and operation that become one.

    ``ended`` are those that it is in the place of, and those that they were in the place of.
    """

    addresses: tuple[str, ...]
    since: datetime
    ended: tuple[RecordId, ...]

    @property
    def marks(self) -> dict[str, Json]:
        """Its further fields."""
        return {**marks(self.since), REPLACES: list(self.ended)}


def union(own: Mapping[RecordId, Reservation], now: datetime) -> Union | None:
    """The automatic reservations of one run, branch and operation as one, if it is time for that."""
    if len(own) < 2:
        return None
    times: list[datetime] = []
    united: list[datetime] = []
    for reservation in own.values():
        times.append(reservation.created_at)
        # Only what is in the place of others says since when they were there.
        if _SINCE in reservation.extra:
            united.append(reservation.created_at)
    last = max(united) if united else min(times)
    is_worth_it = len(own) >= TOGETHER_FROM or now - min(times) >= TOGETHER_AFTER
    if now - last < PAUSE or not is_worth_it:
        return None
    since = min(seniority(id_, reservation) for id_, reservation in own.items())[0]
    addresses: list[Address] = []
    for reservation in own.values():
        addresses += map(revive_stored, reservation.addresses)
    together = _without_covered(addresses)
    # A record has room for more, but who is shown hundreds of symbols reads none.
    if len(together) > ADDRESSES_MOST:
        together = _without_covered(whole_files(together))
    if len(together) > ADDRESSES_MOST:
        return None
    addresses_in_order = sorted(map(str, together))
    return Union(tuple(addresses_in_order), since, _ended(own))


def _ended(own: Mapping[RecordId, Reservation]) -> tuple[RecordId, ...]:
    """What a union of some reservations ends, oldest first: as many as it has room for.

    What they were in the place of may still come back from a clone that has not heard of them.
    """
    ended: dict[RecordId, None] = {}
    for reservation in own.values():
        ended.update(dict.fromkeys(replaced_by(reservation)))
    ended.update(dict.fromkeys(own))
    return tuple(ended)[-REPLACED_MOST:]


def _without_covered(addresses: Iterable[Address]) -> list[Address]:
    """Some addresses, each once, without those that lie in another."""
    kept: dict[Address, None] = {}
    for address in sorted(addresses, key=lambda address: len(address.segments)):
        containers = (
            Address(address.path, address.segments[:length])
            for length in range(len(address.segments))
        )
        if kept.keys().isdisjoint(containers):
            kept[address] = None
    return list(kept)
