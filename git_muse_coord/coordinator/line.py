"""The line of those who wait for strict reservations, as somebody sees it who asks for one."""

from __future__ import annotations

import time

from git_muse_coord.model.epoch import NUMBER_MOST
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.ticket import Ticket
from git_muse_coord.rules.tickets import gone_at, waiting
from git_muse_coord.store.records.queue_world import world_of_queue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from git_muse_coord.coordinator.place import ContestPlace
    from git_muse_coord.coordinator.request import Request
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.rules.queue import Need
    from git_muse_coord.store.records.snapshot import Snapshot


class LineView(NamedTuple):
    """What of the line concerns somebody: those before him in his way, and the circle for which he gives up, if any.

    ``is_in_line``: his own ticket is there, and still counts.
    """

    ahead: Sequence[Ticket] = ()
    circle: Sequence[Need] = ()
    is_in_line: bool = False


def without_ticket(request: Request) -> Ticket:
    """The place of somebody who has no ticket: behind all who have one."""
    return Ticket(
        NUMBER_MOST + 1,
        request.reservation_id,
        request.record.run_id,
        tuple(request.all_asked),
        request.record.depends_on,
    )


def view_of_line(
    session: Session,
    place: ContestPlace,
    asking: Ticket,
    snapshot: Snapshot,
) -> LineView:
    """Look at the line, and leave out those who were not heard of for too long."""
    world = world_of_queue(snapshot, asking.addresses, asking.run_id)
    # mostly nobody waits, and nothing more is loaded
    if world is None:
        return LineView()
    from git_muse_coord.rules.queue import Queue

    now = session.now()
    tickets = waiting(world, now)
    signs = place.sightings.note(tickets, world)
    moment = time.monotonic()
    living = [asking]
    is_in_line = False
    for ticket in tickets:
        if ticket.intent_id == asking.intent_id:
            is_in_line = True
        elif moment < gone_at(ticket, signs[ticket.intent_id]):
            living.append(ticket)
    queue = Queue(living, world, now)
    return LineView(queue.ahead_of(asking), queue.circle(asking), is_in_line)
