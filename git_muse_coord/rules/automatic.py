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
    from collections.abc import Iterable, Iterator, Sequence

    from git_muse_coord.model.codec import Json
    from git_muse_coord.model.records import Reservation
    from git_muse_coord.rules.state import Reservations

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
    if records_of_the_hour < RECORDS_AN_HOUR:
        return Reach.FILES
    return Reach.NOTHING


def marks(since: datetime | None = None) -> dict[str, Json]:
    """The further fields of a reservation that nobody asked for, and that is in the place of an older one."""
    fields: dict[str, Json] = {_MARK: True}
    if since is not None:
        fields[_SINCE] = TIME.write(since)
    return fields


def is_automatic(reservation: Reservation) -> bool:
    """Whether nobody asked for a reservation: an agent's hook made it."""
    return reservation.extra.get(_MARK) is True


def seniority(reservation_id: RecordId, reservation: Reservation) -> Age:
    """Since when somebody is at what is reserved: older than the record, where that replaced others."""
    since = reservation.created_at
    if is_automatic(reservation):
        told = reservation.extra.get(_SINCE)
        # Other clones write what they like; nobody is younger than his own record.
        with suppress(InvalidRecord):
            since = min(since, TIME.read(told))
    return since, reservation_id


def whole_files(addresses: Iterable[Address]) -> list[Address]:
    """The files in which some addresses lie."""
    # Each once, in the order in which they come.
    files: dict[Address, None] = {}
    for address in addresses:
        file = Address(address.path)
        files[file] = None
    return list(files)


def narrowed(addresses: Sequence[Address]) -> list[Address]:
    """What to reserve of some touched addresses: a whole file where many of them lie in it."""
    counts: dict[str, int] = {}
    for address in addresses:
        path = address.path
        before = counts.get(path, 0)
        counts[path] = before + 1
    chosen: dict[Address, None] = {}
    for address in addresses:
        path = address.path
        if counts[path] > SYMBOLS_IN_FILE:
            address = Address(path)
        chosen[address] = None
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
        fields = marks(self.since)
        fields[REPLACES] = list(self.ended)
        return fields


def union(own: Reservations, now: datetime) -> Union | None:
    """The automatic reservations of one run, branch and operation as one, if it is time for that."""
    if len(own) < 2:
        return None
    if not _is_time_for(own, now):
        return None
    ages: list[Age] = []
    addresses: list[Address] = []
    for reservation_id, reservation in own.items():
        age = seniority(reservation_id, reservation)
        ages.append(age)
        addresses += map(revive_stored, reservation.addresses)
    since, _ = min(ages)
    together = _without_covered(addresses)
    # A record has room for more, but who is shown hundreds of symbols reads none.
    if len(together) > ADDRESSES_MOST:
        files = whole_files(together)
        together = _without_covered(files)
    if len(together) > ADDRESSES_MOST:
        return None
    in_order = sorted(map(str, together))
    ended = _ended(own)
    return Union(tuple(in_order), since, ended)


def _is_time_for(own: Reservations, now: datetime) -> bool:
    """Whether a union of some reservations is worth a record, and the last one long enough ago."""
    times: list[datetime] = []
    united: list[datetime] = []
    for reservation in own.values():
        times.append(reservation.created_at)
        # Only what is in the place of others says since when they were there.
        if _SINCE in reservation.extra:
            united.append(reservation.created_at)
    oldest = min(times)
    last_union = max(united, default=oldest)
    if now - last_union < PAUSE:
        return False
    return len(own) >= TOGETHER_FROM or now - oldest >= TOGETHER_AFTER


def _ended(own: Reservations) -> tuple[RecordId, ...]:
    """What a union of some reservations ends, oldest first: as many as it has room for.

    What they were in the place of may still come back from a clone that has not heard of them.
    """
    ended: dict[RecordId, None] = {}
    for reservation in own.values():
        for replaced_id in replaced_by(reservation):
            ended[replaced_id] = None
    for reservation_id in own:
        ended[reservation_id] = None
    oldest_first = tuple(ended)
    return oldest_first[-REPLACED_MOST:]


def _without_covered(addresses: Iterable[Address]) -> list[Address]:
    """Some addresses, each once, without those that lie in another."""
    kept: dict[Address, None] = {}
    # What is around others comes before them.
    outermost_first = sorted(addresses, key=_depth)
    for address in outermost_first:
        containers = _containers(address)
        if kept.keys().isdisjoint(containers):
            kept[address] = None
    return list(kept)


def _depth(address: Address) -> int:
    return len(address.segments)


def _containers(address: Address) -> Iterator[Address]:
    """The file around a symbol, and the symbols around it."""
    segments = address.segments
    for length, _ in enumerate(segments):
        yield Address(address.path, segments[:length])
