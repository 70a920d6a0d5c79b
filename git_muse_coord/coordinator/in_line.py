"""Who waits in line for what a run holds, as the run is told."""

from __future__ import annotations

from git_muse_coord.model.address import revive_stored
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import Intent

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from git_muse_coord.coordinator.answers.in_the_way import Behind
    from git_muse_coord.model.address import Address
    from git_muse_coord.model.records import Reservation
    from git_muse_coord.model.text_types import RunId
    from git_muse_coord.model.ticket import Ticket
    from git_muse_coord.store.records.snapshot import Snapshot


def in_line_for(
    holder: RunId,
    mine: Iterable[Reservation],
    snapshot: Snapshot,
    now: datetime,
) -> tuple[Behind, ...]:
    """Those who wait for something that overlaps what a run holds, first come first."""
    places: list[Address] = []
    for reservation in mine:
        places += map(revive_stored, reservation.addresses)
    # Mostly nobody waits, and what would tell it is not loaded.
    if not places or not snapshot.index.has(Intent):
        return ()
    from git_muse_coord.coordinator.answers.in_the_way import those_ahead
    from git_muse_coord.rules.places import Places
    from git_muse_coord.rules.state import same_holder
    from git_muse_coord.rules.tickets import waiting
    from git_muse_coord.store.records.queue_world import world_of_queue

    world = world_of_queue(snapshot, places, holder)
    if world is None:
        return ()
    # others may wait for thousands of places, and thousands may be held
    held = Places((place, place) for place in places)
    others: list[Ticket] = []
    for ticket in waiting(world, now):
        meets = any(True for place in ticket.addresses for _ in held.overlapping(place))
        if meets and not same_holder(holder, ticket.run_id):
            others.append(ticket)
    return those_ahead(others, places)
