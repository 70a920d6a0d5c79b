"""The ticket of somebody who waits for a strict reservation: what an intent that waits says beyond others.

A version that does not know of tickets passes over these fields, and takes it for an intent as any
other.
"""

from __future__ import annotations

from git_muse_coord.model import address, codec
from git_muse_coord.model.codec import ID, InvalidRecord
from git_muse_coord.model.epoch import ticket_number
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.records import BEAT_SECONDS, MAX_DEPENDENCIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from git_muse_coord.model.address import Address
    from git_muse_coord.model.codec import Json
    from git_muse_coord.model.records import Intent
    from git_muse_coord.model.text_types import RecordId, RunId

_NUMBER = "ticket"
_BEAT = "beat"
_DEPENDS_ON = "depends_on"
_IDS = codec.text_set(ID, MAX_DEPENDENCIES)


class Ticket(NamedTuple):
    """Somebody who waits, and his place among all who do.

    ``beat`` is after how many seconds each of his signs of life comes, ``depends_on`` what he will
    wait for besides, once he has what he waits for. ``since`` is told by his own clock, and decides
    nothing.
    """

    number: int
    intent_id: RecordId
    run_id: RunId
    addresses: tuple[Address, ...]
    depends_on: tuple[RecordId, ...] = ()
    beat: int = BEAT_SECONDS
    since: datetime | None = None

    @property
    def place(self) -> tuple[int, RecordId]:
        """What tickets are put in order by: the number, and where versions without tickets made two alike, the id."""
        return self.number, self.intent_id


def ticket_facts(
    number: int,
    depends_on: Sequence[RecordId],
    beat: int,
) -> Mapping[str, Json]:
    """What an intent says beyond its own fields to be a ticket."""
    facts: dict[str, Json] = {_NUMBER: number}
    if depends_on:
        facts[_DEPENDS_ON] = list(depends_on)
    if beat != BEAT_SECONDS:
        facts[_BEAT] = beat
    return facts


def ticket_of(intent_id: RecordId, intent: Intent) -> Ticket | None:
    """The ticket that an intent is; None for one that does not wait. Anybody may have written it."""
    number = ticket_number(intent.extra.get(_NUMBER))
    if not number:
        return None
    return Ticket(
        number,
        intent_id,
        intent.run_id,
        tuple(map(address.revive_stored, intent.addresses)),
        _dependencies(intent.extra.get(_DEPENDS_ON)),
        _beat(intent.extra.get(_BEAT)),
        intent.created_at,
    )


def _dependencies(value: Json) -> tuple[RecordId, ...]:
    if value is None:
        return ()
    try:
        ids: tuple[RecordId, ...] = _IDS.read(value)
    except InvalidRecord:
        return ()
    return ids


def _beat(value: Json) -> int:
    # who says that he is heard of once a year would hold up everybody for as long
    if type(value) is not int or not 1 <= value <= BEAT_SECONDS:
        return BEAT_SECONDS
    return value
