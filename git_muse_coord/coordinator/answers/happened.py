"""What happened, as answers: a snapshot of what there is, and single events."""

from __future__ import annotations

from git_muse_coord.coordinator.answers.conflict import ConflictDetail, conflict_details
from git_muse_coord.coordinator.answers.message import Told, told_message
from git_muse_coord.coordinator.answers.reservation import Held, held
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.results import Part
from git_muse_coord.model.why_ended import why_ended
from git_muse_coord.rules.state import World

if TYPE_CHECKING:
    from datetime import datetime

    from git_muse_coord.model.ticket import Ticket
    from git_muse_coord.rules.events import Event, Sight
    from git_muse_coord.rules.watched import Watched

SNAPSHOT = "snapshot"


class HowEnded(Declared):
    """Who released a reservation, how, and what goes on in its place, if anything does.

    ``why`` is said where nobody asked for it: landed, or unchanged at the end of a session.
    ``run_id`` and ``outcome`` are null where no release says it.
    """

    run_id: str | None
    outcome: str | None
    why: str | None
    continued_by: str | None


class Waiter(Declared):
    """Somebody who waits for a strict reservation; ``ticket`` is his place in the order of all who do."""

    intent_id: str
    run_id: str
    ticket: int
    addresses: tuple[str, ...]
    since: datetime | None


class Happened(Part):
    """Something that happened, and when.

    The first ``event`` is snapshot, with all that is active in ``reservations`` and all who wait in
    ``waiters``. Each other one is about a ``reservation``, as it is after it: added, extended,
    released, landed (released because its work is in the default branch), expired, conflict (it
    meets others, told in ``conflicts``), waiting (for ``waits_for``, by ``depends_on``) and ready (all that it
    waited for has ended). ``released`` says how it ended. With a ``waiter`` it is about who waits for a strict
    reservation: waiting (for what is told in ``conflicts`` and ``waits_for``), ready (he has it) or expired (he
    waits no more). A ``message`` is told to its readers by other ways; here it is only seen.
    ``synced_at`` in a snapshot is when this clone last heard what ``remote`` has.
    """

    event: str
    at: datetime
    reservations: tuple[Held, ...] = ()
    waiters: tuple[Waiter, ...] = ()
    reservation: Held | None = None
    released: HowEnded | None = None
    conflicts: tuple[ConflictDetail, ...] = ()
    waits_for: tuple[str, ...] = ()
    waiter: Waiter | None = None
    message: Told | None = None
    remote: str | None = None
    synced_at: datetime | None = None


def snapshot_of(sight: Sight, watched: Watched) -> Happened:
    """All that is active, and all who wait, as far as it concerns somebody."""
    rows: list[Held] = []
    for reservation_id, reservation in sight.active.items():
        if watched.has(reservation):
            rows.append(held(reservation_id, sight.world, sight.now))
    tickets = filter(watched.has_waiter, sight.queue.values())
    waiters = map(waiter_of, tickets)
    return Happened(
        event=SNAPSHOT,
        at=sight.now,
        reservations=tuple(rows),
        waiters=tuple(waiters),
    )


def happened(event: Event, sight: Sight) -> Happened:
    """An event as an answer."""
    waiter = None
    if event.ticket is not None:
        waiter = waiter_of(event.ticket)
    return Happened(
        event=event.kind,
        at=event.at,
        reservation=_reservation(event, sight),
        released=_how_ended(event),
        conflicts=conflict_details(event.conflicts, sight.world),
        waits_for=event.awaited,
        waiter=waiter,
        message=_message(event, sight.world),
    )


def _reservation(event: Event, sight: Sight) -> Held | None:
    if event.reservation is None:
        return None
    world = sight.world
    if event.subject in world.reservations:
        return held(event.subject, world, sight.now)
    # what was archived or taken away meanwhile is told as it was
    alone = World(reservations={event.subject: event.reservation}, ended={event.subject})
    return held(event.subject, alone, sight.now)


def waiter_of(ticket: Ticket) -> Waiter:
    """Somebody who waits, as an answer."""
    return Waiter(
        intent_id=ticket.intent_id,
        run_id=ticket.run_id,
        ticket=ticket.number,
        addresses=tuple(map(str, ticket.addresses)),
        since=ticket.since,
    )


def _message(event: Event, world: World) -> Told | None:
    message = event.message
    if message is None:
        return None
    addresses: tuple[str, ...] = ()
    if message.about:
        about = world.reservations.get(message.about)
        # It may have been archived, and then nobody looks for where it was.
        if about is not None:
            addresses = about.addresses
    read_at: datetime | None = None
    receipt = world.receipts.get(event.subject)
    if receipt is not None:
        read_at = receipt.read_at
    return told_message(event.subject, message, addresses, read_at)


def _how_ended(event: Event) -> HowEnded | None:
    release = event.release
    if release is not None:
        return HowEnded(
            run_id=release.run_id,
            outcome=release.outcome,
            why=why_ended(release),
            continued_by=event.instead,
        )
    if event.instead is None:
        return None
    # What became part of another one leaves no release.
    return HowEnded(
        run_id=None,
        outcome=None,
        why=None,
        continued_by=event.instead,
    )
