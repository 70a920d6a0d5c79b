"""What happened between two looks at the records: from two worlds, each at its moment, to events.

Whoever watches keeps a sight, takes another one when the refs have changed or a time is over, and
has them compared. Nothing is remembered besides, so no event depends on how often somebody looked.
"""

from __future__ import annotations

from git_muse_coord.model.continued import continued_by
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.records import Message
from git_muse_coord.model.why_ended import LANDED as HAS_LANDED, why_ended
from git_muse_coord.rules.conflicts import Holdings, conflicts_by_asker
from git_muse_coord.rules.following import where_work_goes_on
from git_muse_coord.rules.queue import is_behind
from git_muse_coord.rules.tickets import waiting
from git_muse_coord.rules.waiting import blocked_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from git_muse_coord.model.records import Release, Reservation
    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.model.ticket import Ticket
    from git_muse_coord.rules.conflicts import Conflict
    from git_muse_coord.rules.state import World

ADDED = "added"
EXTENDED = "extended"
RELEASED = "released"
LANDED = "landed"
EXPIRED = "expired"
CONFLICT = "conflict"
WAITING = "waiting"
READY = "ready"
MESSAGE = "message"


class Sight(NamedTuple):
    """A world at a moment: what is active, when each of that ends, what waits for what, and who is in the queue."""

    world: World
    now: datetime
    active: Mapping[RecordId, Reservation]
    ends: Mapping[RecordId, datetime]
    blocked: Mapping[RecordId, list[RecordId]]
    queue: Mapping[RecordId, Ticket]
    next_end: datetime | None
    """When the next one ends by itself; None: none does."""

    @classmethod
    def of(cls, world: World, now: datetime) -> Sight:
        """Look at a world."""
        active = world.active(now)
        ends: dict[RecordId, datetime] = {}
        blocked: dict[RecordId, list[RecordId]] = {}
        place = where_work_goes_on(world, now)
        for reservation_id, reservation in active.items():
            ends[reservation_id] = world.effective_expiry(reservation_id)
            # most wait for nothing, and cost no more than this look
            if reservation.depends_on:
                awaited = blocked_by(reservation.depends_on, place)
                if awaited:
                    blocked[reservation_id] = awaited
        queue: dict[RecordId, Ticket] = {}
        for ticket in waiting(world, now):
            queue[ticket.intent_id] = ticket
        # who waits without a sign of life is gone at a time, too
        gone = map(world.intent_expiry, queue)
        all_ends = (*ends.values(), *gone)
        next_end = min(all_ends, default=None)
        return cls(
            world,
            now,
            active,
            ends,
            blocked,
            queue,
            next_end,
        )


class Event(NamedTuple):
    """One thing that happened, and when: by who wrote it, else when it was seen.

    It is about a ``reservation`` that ends at a time, or about somebody in the queue, or it is a
    message. ``release`` is what ended it and ``instead`` what goes on in its place; ``conflicts``
    are how it meets others, and ``awaited`` is what it waits for besides.
    """

    kind: str
    at: datetime
    subject: RecordId
    reservation: Reservation | None = None
    ends: datetime | None = None
    release: Release | None = None
    instead: RecordId | None = None
    conflicts: tuple[Conflict, ...] = ()
    awaited: tuple[RecordId, ...] = ()
    ticket: Ticket | None = None
    message: Message | None = None


def events_between(before: Sight, after: Sight) -> Iterator[Event]:
    """What happened from one sight to the next.

    First what ended, then what lasts longer, what came, each with whom it meets and what it waits
    for, and at last who can go on.
    """
    came: list[RecordId] = []
    for reservation_id in after.active:
        if reservation_id not in before.active:
            came.append(reservation_id)
    yield from _ended(before, after)
    yield from _passed_by(before, after)
    yield from _extended(before, after)
    meetings = _meetings(came, after)
    for reservation_id in came:
        reservation = after.active[reservation_id]
        ends = after.ends[reservation_id]
        yield Event(
            ADDED,
            reservation.created_at,
            reservation_id,
            reservation,
            ends,
        )
        yield from meetings.get(reservation_id, ())
    yield from _waiting(before, after)
    yield from _ready(before, after)
    yield from _queued(before, after)
    yield from _left_the_queue(before, after)
    yield from _told(before, after)


def _ended(before: Sight, after: Sight) -> Iterator[Event]:
    gone: list[Event] = []
    for reservation_id, reservation in before.active.items():
        if reservation_id not in after.active:
            ends = before.ends[reservation_id]
            end = _end_of(reservation_id, reservation, ends, after)
            gone.append(end)
    yield from sorted(gone, key=_moment)


def _end_of(
    reservation_id: RecordId,
    reservation: Reservation,
    ends: datetime,
    after: Sight,
) -> Event:
    world = after.world
    release = world.releases.get(reservation_id)
    if release is not None:
        kind = LANDED if why_ended(release) == HAS_LANDED else RELEASED
        return Event(
            kind,
            release.released_at,
            reservation_id,
            reservation,
            ends,
            release,
            continued_by(release),
        )
    # what was archived since, or taken away, is not there to be asked for its end
    if reservation_id in world.reservations:
        ends = world.effective_expiry(reservation_id)
    is_over = ends <= after.now
    if is_over and not world.is_released(reservation_id):
        return Event(
            EXPIRED,
            ends,
            reservation_id,
            reservation,
            ends,
        )
    return Event(
        RELEASED,
        after.now,
        reservation_id,
        reservation,
        ends,
        instead=world.united.get(reservation_id),
    )


def _passed_by(before: Sight, after: Sight) -> Iterator[Event]:
    """What came and was released between the looks, or far away before it was heard of here."""
    for reservation_id in after.world.releases.keys() - before.world.releases.keys():
        if reservation_id in before.world.reservations:
            continue
        reservation = after.world.reservations.get(reservation_id)
        # a release may arrive alone
        if reservation is None:
            continue
        ends = after.world.effective_expiry(reservation_id)
        # else its time was over already when we looked last
        if ends > before.now:
            yield Event(
                ADDED,
                reservation.created_at,
                reservation_id,
                reservation,
                ends,
            )
            yield _end_of(reservation_id, reservation, ends, after)


def _extended(before: Sight, after: Sight) -> Iterator[Event]:
    # of very many hardly one is extended, and which are is told by one comparison
    changed = after.ends.items() - before.ends.items()
    for reservation_id, ends in changed:
        known = before.ends.get(reservation_id)
        if known is not None and known < ends:
            reservation = after.active[reservation_id]
            yield Event(
                EXTENDED,
                after.now,
                reservation_id,
                reservation,
                ends,
            )


def _meetings(came: list[RecordId], after: Sight) -> dict[RecordId, list[Event]]:
    """How those that came meet others, as events by the one of them that is told with it."""
    met: dict[tuple[RecordId, RecordId], list[Conflict]] = {}
    # of two that came together each meets the other, which is one event, of the later one
    latest_first = reversed(came)
    for reservation_id, conflict in conflicts_by_asker(after.active, latest_first):
        held_id = conflict.held.reservation_id
        if (held_id, reservation_id) not in met:
            conflicts = met.setdefault((reservation_id, held_id), [])
            conflicts.append(conflict)
    meetings: dict[RecordId, list[Event]] = {}
    for pair, conflicts in met.items():
        reservation_id, _ = pair
        event = Event(
            CONFLICT,
            after.now,
            reservation_id,
            after.active[reservation_id],
            after.ends[reservation_id],
            conflicts=tuple(conflicts),
        )
        meetings.setdefault(reservation_id, []).append(event)
    return meetings


def _waiting(before: Sight, after: Sight) -> Iterator[Event]:
    for reservation_id, awaited in after.blocked.items():
        if reservation_id not in before.blocked:
            yield Event(
                WAITING,
                after.now,
                reservation_id,
                after.active[reservation_id],
                after.ends[reservation_id],
                awaited=tuple(awaited),
            )


def _ready(before: Sight, after: Sight) -> Iterator[Event]:
    for reservation_id in before.blocked:
        if reservation_id in after.active and reservation_id not in after.blocked:
            yield Event(
                READY,
                after.now,
                reservation_id,
                after.active[reservation_id],
                after.ends[reservation_id],
            )


def _queued(before: Sight, after: Sight) -> Iterator[Event]:
    """Who waits since then, for those who hold what he asks for, and for those who came before him."""
    new: list[Ticket] = []
    for intent_id, ticket in after.queue.items():
        if intent_id not in before.queue:
            new.append(ticket)
    if not new:
        return
    # to index all that is held is worth it for somebody who waits, and hardly ever anybody does
    held = Holdings(after.active)
    for ticket in new:
        conflicts = held.conflicts(ticket.addresses, ticket.run_id)
        awaited: list[RecordId] = []
        for earlier in after.queue.values():
            if is_behind(ticket, earlier):
                awaited.append(earlier.intent_id)
        awaited += ticket.depends_on
        yield Event(
            WAITING,
            ticket.since or after.now,
            ticket.intent_id,
            conflicts=tuple(conflicts),
            awaited=tuple(awaited),
            ticket=ticket,
        )


def _left_the_queue(before: Sight, after: Sight) -> Iterator[Event]:
    """Who waits no more: with what he waited for, or without."""
    for intent_id, ticket in before.queue.items():
        if intent_id not in after.queue:
            # his place in the queue ends with the reservation that he waited for, or without one
            kind = READY if _has_got(ticket, before, after) else EXPIRED
            yield Event(kind, after.now, intent_id, ticket=ticket)


def _has_got(
    ticket: Ticket,
    before: Sight,
    after: Sight,
) -> bool:
    asked = set(map(str, ticket.addresses))
    for reservation_id, reservation in after.active.items():
        if reservation_id in before.active:
            continue
        if reservation.run_id != ticket.run_id:
            continue
        if asked.issubset(reservation.addresses):
            return True
    return False


def _told(before: Sight, after: Sight) -> Iterator[Event]:
    known = before.world.others
    others = after.world.others
    for record_id, record in others.items():
        if isinstance(record, Message) and record_id not in known:
            yield Event(
                MESSAGE,
                record.created_at,
                record_id,
                message=record,
            )


def _moment(event: Event) -> tuple[datetime, RecordId]:
    return event.at, event.subject
