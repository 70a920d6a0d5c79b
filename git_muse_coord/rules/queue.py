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
from git_muse_coord.rules.conflicts import Holdings
from git_muse_coord.rules.state import same_holder
from git_muse_coord.rules.tickets import first_come_first
from git_muse_coord.rules.waiting import reachable, turned_round

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from git_muse_coord.model.address import Address
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.model.ticket import Ticket
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
        self._world = world
        self._now = now
        self._held = world.active(now)
        self._holdings = Holdings(self._held)
        self._needs = self._all_needs()
        self._behind = self._all_behind()

    def ahead_of(self, ticket: Ticket) -> list[Ticket]:
        """Those who came before and are in the way, first come first."""
        behind = self._behind[ticket.intent_id]
        if not behind:
            return []
        everything = dict(self._behind)
        for node, others in self._needs.items():
            everything[node] = others | self._behind.get(node, set())
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
        came_last = [other for other in self._tickets if other.intent_id in in_circles][-1]
        return self._steps(path) if came_last.intent_id == start else []

    def _all_needs(self) -> Edges:
        needs: dict[RecordId, set[RecordId]] = defaultdict(set)
        waiting_runs: dict[RunId, list[RecordId]] = defaultdict(list)
        for ticket in self._tickets:
            waiting_runs[ticket.run_id].append(ticket.intent_id)
            for conflict in self._holdings.conflicts(ticket.addresses, ticket.run_id):
                needs[ticket.intent_id].add(conflict.held.reservation_id)
            needs[ticket.intent_id] |= self._work_of_others(ticket.run_id, ticket.depends_on)
        for reservation_id, reservation in self._held.items():
            needs[reservation_id] |= self._work_of_others(
                reservation.run_id, reservation.depends_on
            )
            # nobody lets go of what he holds while he waits; of those without identity nobody knows
            if same_holder(reservation.run_id, reservation.run_id):
                needs[reservation_id].update(waiting_runs.get(reservation.run_id, ()))
        return needs

    def _work_of_others(self, run_id: RunId, named: Iterable[RecordId]) -> set[RecordId]:
        """The reservations of others under which the work goes on that a run depends on."""
        others: set[RecordId] = set()
        for reservation_id in named:
            step = self._world.in_place_of(reservation_id, self._now)
            # in which order it does its own work is its own business
            if step is not None and self._held[step].run_id != run_id:
                others.add(step)
        return others

    def _all_behind(self) -> Edges:
        behind: dict[RecordId, set[RecordId]] = defaultdict(set)
        for number, ticket in enumerate(self._tickets):
            for earlier in self._tickets[:number]:
                if is_behind(ticket, earlier):
                    behind[ticket.intent_id].add(earlier.intent_id)
        return behind

    def _steps(self, path: Sequence[RecordId]) -> list[Need]:
        """What each on a path that leads back to its beginning needs of the next one who waits."""
        tickets = {ticket.intent_id: ticket for ticket in self._tickets}
        steps: list[Need] = []
        for node, after in pairwise(path):
            # from what is held to its own holder who waits is no step for a reader
            if after in tickets:
                continue
            holder = self._held[after].run_id
            if node in tickets:
                place = self._shared_place(tickets[node], after)
                steps.append(Need(tickets[node].run_id, holder, place))
            else:
                steps.append(Need(self._held[node].run_id, holder, None))
        return steps

    def _shared_place(self, ticket: Ticket, reservation_id: RecordId) -> Address | None:
        """The address asked for that a reservation is in the way of."""
        for conflict in self._holdings.conflicts(ticket.addresses, ticket.run_id):
            if conflict.held.reservation_id == reservation_id:
                return conflict.asked
        return None


def is_behind(ticket: Ticket, earlier: Ticket) -> bool:
    """Whether one of two stands behind the other, for the sake of what both ask for."""
    if earlier.place >= ticket.place or same_holder(ticket.run_id, earlier.run_id):
        return False
    return any(place.overlaps(other) for place in ticket.addresses for other in earlier.addresses)


def _way_back(start: RecordId, edges: Edges) -> list[RecordId]:
    """A shortest way from a node along the edges back to it, with it at both ends; empty: there is none."""
    came_from: dict[RecordId, RecordId] = {}
    todo = [start]
    for node in todo:
        for neighbour in sorted(edges.get(node, ())):
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
