"""Who waits, in the order in which they came, and which of them was heard of lately.

No clock is compared with another: a sign of life is dated by when it was seen here.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_time import timedelta
from git_muse_coord.model.ticket import Ticket, ticket_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.rules.state import World

LIFE = timedelta(minutes=30)
"""So long a ticket lasts after its last sign of life: by far longer than clocks differ, as only the silence counts."""
SILENT_BEATS = 3
"""Who was not heard of for so many of his intervals has gone."""


class Sign(NamedTuple):
    """The signs of life of somebody who waits, and when the last new one was seen, by a clock that nobody sets."""

    beats: frozenset[RecordId]
    seen_at: float


def waiting(world: World, now: datetime) -> list[Ticket]:
    """Those who wait, first come first, whether they are still alive or not."""
    tickets: list[Ticket] = []
    for intent_id, intent in world.intents.items():
        ticket = ticket_of(intent_id, intent)
        if ticket is None:
            continue
        if world.is_active_intent(intent_id, now):
            tickets.append(ticket)
    return first_come_first(tickets)


def first_come_first(tickets: Iterable[Ticket]) -> list[Ticket]:
    """First come first."""
    return sorted(tickets, key=_place)


def signs_of(ticket: Ticket, world: World) -> frozenset[RecordId]:
    """The signs of life that somebody who waits has given; the ticket itself is the first."""
    signs = {ticket.intent_id}
    beats = world.heartbeats.get(ticket.intent_id, {})
    for beat_id, beat in beats.items():
        # Anybody can write a heartbeat about anything: only his own count.
        if beat.run_id == ticket.run_id:
            signs.add(beat_id)
    return frozenset(signs)


def seen_now(
    before: Sign | None,
    beats: frozenset[RecordId],
    now: float,
) -> Sign:
    """What is known after another look: news, or the silence that goes on."""
    if before is not None and beats <= before.beats:
        return before
    return Sign(beats, now)


def united_signs(mine: Sign | None, theirs: Sign | None) -> Sign | None:
    """What two who looked know together: of one sign who saw it first, of different ones the later."""
    if mine is None:
        return theirs
    if theirs is None:
        return mine
    if mine.beats == theirs.beats:
        return min(mine, theirs, key=_seen_at)
    return max(mine, theirs, key=_seen_at)


def gone_at(ticket: Ticket, sign: Sign) -> float:
    """From when on somebody counts as gone, if nothing more is heard of him."""
    silence = SILENT_BEATS * ticket.beat
    return sign.seen_at + silence


def _seen_at(sign: Sign) -> float:
    return sign.seen_at


def _place(ticket: Ticket) -> tuple[int, RecordId]:
    return ticket.place
