"""What happened, as answers: a snapshot of what there is, and single events."""

from __future__ import annotations

from git_muse_coord.coordinator.answers.conflict import ConflictDetail, conflict_details
from git_muse_coord.coordinator.answers.reservation import Held, held
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.results import Part
from git_muse_coord.model.why_ended import why_ended
from git_muse_coord.rules.state import World

if TYPE_CHECKING:
    from datetime import datetime

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


class Happened(Part):
    """Something that happened, and when.

    The first ``event`` is snapshot, with all that is active in ``reservations``. Each other one is
    about a ``reservation``, as it is after it: added, extended, released, landed (released because
    its work is in the default branch), expired, conflict (it meets others, told in ``conflicts``), waiting
    (for ``waits_for``) and ready (all that it waited for has ended). ``released`` says how it ended.
    ``synced_at`` in a snapshot is when this clone last heard what ``remote`` has.
    """

    event: str
    at: datetime
    reservations: tuple[Held, ...] = ()
    reservation: Held | None = None
    released: HowEnded | None = None
    conflicts: tuple[ConflictDetail, ...] = ()
    waits_for: tuple[str, ...] = ()
    remote: str | None = None
    synced_at: datetime | None = None


def snapshot_of(sight: Sight, watched: Watched) -> Happened:
    """All that is active and concerns somebody."""
    rows: list[Held] = []
    for reservation_id, reservation in sight.active.items():
        if watched.has(reservation):
            rows.append(held(reservation_id, sight.world, sight.now))
    return Happened(event=SNAPSHOT, at=sight.now, reservations=tuple(rows))


def happened(event: Event, sight: Sight) -> Happened:
    """An event as an answer."""
    return Happened(
        event=event.kind,
        at=event.at,
        reservation=_reservation(event, sight),
        released=_how_ended(event),
        conflicts=conflict_details(event.conflicts, sight.world),
        waits_for=event.awaited,
    )


def _reservation(event: Event, sight: Sight) -> Held:
    world = sight.world
    if event.reservation_id in world.reservations:
        return held(event.reservation_id, world, sight.now)
    # what was archived or taken away meanwhile is told as it was
    alone = World(
        reservations={event.reservation_id: event.reservation}, ended={event.reservation_id}
    )
    return held(event.reservation_id, alone, sight.now)


def _how_ended(event: Event) -> HowEnded | None:
    release = event.release
    if release is None and event.instead is None:
        return None
    return HowEnded(
        run_id=None if release is None else release.run_id,
        outcome=None if release is None else release.outcome,
        why=None if release is None else why_ended(release),
        continued_by=event.instead,
    )
