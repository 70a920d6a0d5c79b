"""Who waits for whom: who is in somebody's way, and who gives up where a circle of them would wait for ever.

Two kinds of edges make the graph. Somebody who waits *needs* that those end who hold what he asks
for, or what he depends on; what is held ends only when its holder waits no more. Somebody who waits
stands *behind* those who came before him and ask for the same. A place in the line is worth less
than an end to the waiting: who is behind somebody who waits for him, directly or through others,
passes him. What is left of circles are those in which everybody needs the next.
"""

from __future__ import annotations

from itertools import pairwise

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.model.records import UNKNOWN
from git_muse_coord.rules.conflicts import Holdings
from git_muse_coord.rules.following import where_work_goes_on
from git_muse_coord.rules.places import Places
from git_muse_coord.rules.state import same_holder
from git_muse_coord.rules.tickets import first_come_first
from git_muse_coord.rules.waiting import reachable, turned_round

if TYPE_CHECKING:
    from collections.abc import (
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )
    from datetime import datetime

    from git_muse_coord.model.address import Address
    from git_muse_coord.model.records import Reservation
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.model.ticket import Ticket
    from git_muse_coord.rules.conflicts import Conflict
    from git_muse_coord.rules.state import World

    Edges = Mapping[RecordId, set[RecordId]]
    """From each node, a ticket or a reservation, to those that it waits for."""


class Need(NamedTuple):
    """One step of a circle: who waits, for whom, and at which address; no address: he depends on it."""

    run_id: RunId
    holder: RunId
    address: Address | None


class Queue:
    """All who wait, and what is held, at one time."""

    def __init__(
        self,
        tickets: Iterable[Ticket],
        world: World,
        now: datetime,
    ) -> None:
        self._tickets = first_come_first(tickets)
        self._held = world.active(now)
        self._place = where_work_goes_on(world, now)
        self._holdings = Holdings(self._held)
        self._needs = self._all_needs()
        self._behind = self._all_behind()

    def ahead_of(self, ticket: Ticket) -> list[Ticket]:
        """Those who came before and are in the way, first come first."""
        behind = self._behind[ticket.intent_id]
        if not behind:
            return []
        everything = dict(self._behind)
        for node, needed in self._needs.items():
            nodes_before = self._behind.get(node, set())
            everything[node] = needed | nodes_before
        waited_for_by = turned_round(everything)
        wait_for_me = reachable(ticket.intent_id, waited_for_by)
        in_the_way = behind - wait_for_me
        return [earlier for earlier in self._tickets if earlier.intent_id in in_the_way]

    def circle(self, ticket: Ticket) -> list[Need]:
        """The circle for the sake of which this one gives up, each step the need of another; empty: it waits on.

        In every circle the one who came last gives up, so that exactly one does, whoever looks.
        """
        start = ticket.intent_id
        path = _way_back(start, self._needs)
        needed_by = turned_round(self._needs)
        before = reachable(start, needed_by)
        after = reachable(start, self._needs)
        in_circles = before & after
        tickets = [waiter for waiter in self._tickets if waiter.intent_id in in_circles]
        came_last = tickets[-1]
        if came_last.intent_id != start:
            return []
        return self._steps(path)

    def _all_needs(self) -> Edges:
        needs: dict[RecordId, set[RecordId]] = defaultdict(set)
        tickets_of: dict[RunId, list[RecordId]] = defaultdict(list)
        for ticket in self._tickets:
            intent_id = ticket.intent_id
            tickets_of[ticket.run_id].append(intent_id)
            for conflict in self._in_the_way_of(ticket):
                needs[intent_id].add(conflict.held.reservation_id)
            needs[intent_id] |= self._work_of_others(ticket)
        for reservation_id, reservation in self._held.items():
            needs[reservation_id] |= self._work_of_others(reservation)
            # nobody lets go of what he holds while he waits; of those without identity nobody knows
            if reservation.run_id != UNKNOWN:
                own_tickets = tickets_of.get(reservation.run_id, ())
                needs[reservation_id].update(own_tickets)
        return needs

    def _in_the_way_of(self, ticket: Ticket) -> Iterator[Conflict]:
        """What others hold of that for which somebody waits."""
        return self._holdings.conflicts(ticket.addresses, ticket.run_id)

    def _work_of_others(self, waiter: Ticket | Reservation) -> set[RecordId]:
        """The reservations of others under which the work goes on that somebody depends on."""
        work: set[RecordId] = set()
        for named in waiter.depends_on:
            reservation_id = self._place.of(named)
            if reservation_id is None:
                continue
            reservation = self._held[reservation_id]
            # in which order a run does its own work is its own business
            if reservation.run_id != waiter.run_id:
                work.add(reservation_id)
        return work

    def _all_behind(self) -> Edges:
        behind: dict[RecordId, set[RecordId]] = defaultdict(set)
        asked_by: dict[Address, set[RecordId]] = {}
        tickets_of: dict[RunId, set[RecordId]] = defaultdict(set)
        for ticket in self._tickets:
            for place in ticket.addresses:
                asked_by[place] = set()
        # Not each two are compared: others may ask for thousands of places, and be thousands.
        places = Places((place, place) for place in asked_by)
        for ticket in self._tickets:
            before = behind[ticket.intent_id]
            for place in ticket.addresses:
                for near in places.overlapping(place):
                    before |= asked_by[near]
            if ticket.run_id != UNKNOWN:
                before -= tickets_of[ticket.run_id]
                tickets_of[ticket.run_id].add(ticket.intent_id)
            for place in ticket.addresses:
                asked_by[place].add(ticket.intent_id)
        return behind

    def _steps(self, path: Sequence[RecordId]) -> list[Need]:
        """What each on a path that leads back to its beginning needs of the next one who waits."""
        tickets: dict[RecordId, Ticket] = {}
        for ticket in self._tickets:
            tickets[ticket.intent_id] = ticket
        steps: list[Need] = []
        for node, after in pairwise(path):
            # from what is held to its own holder who waits is no step for a reader
            if after in tickets:
                continue
            waiter = tickets.get(node)
            place: Address | None = None
            if waiter is None:
                run_id = self._held[node].run_id
            else:
                run_id = waiter.run_id
                place = self._shared_place(waiter, after)
            holder = self._held[after].run_id
            need = Need(run_id, holder, place)
            steps.append(need)
        return steps

    def _shared_place(self, ticket: Ticket, reservation_id: RecordId) -> Address | None:
        """The address asked for that a reservation is in the way of."""
        for conflict in self._in_the_way_of(ticket):
            if conflict.held.reservation_id == reservation_id:
                return conflict.asked
        return None


def is_behind(ticket: Ticket, earlier: Ticket) -> bool:
    """Whether one of two stands behind the other, for the sake of what both ask for."""
    came_first = earlier.place < ticket.place
    if not came_first or same_holder(ticket.run_id, earlier.run_id):
        return False
    for place in ticket.addresses:
        if any(map(place.overlaps, earlier.addresses)):
            return True
    return False


def _way_back(start: RecordId, edges: Edges) -> list[RecordId]:
    """A shortest way from a node along the edges back to it, with it at both ends; empty: there is none."""
    came_from: dict[RecordId, RecordId] = {}
    todo = [start]
    for node in todo:
        neighbours = edges.get(node, ())
        # Sorted, so that whoever looks comes to the same way.
        for neighbour in sorted(neighbours):
            if neighbour == start:
                return _traced(start, node, came_from)
            if neighbour not in came_from:
                came_from[neighbour] = node
                todo.append(neighbour)
    return []


def _traced(
    start: RecordId,
    last: RecordId,
    came_from: Mapping[RecordId, RecordId],
) -> list[RecordId]:
    path = [start]
    node = last
    while node != start:
        path.append(node)
        node = came_from[node]
    path.append(start)
    path.reverse()
    return path
