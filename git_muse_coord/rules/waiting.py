"""What waits for what: the graph of ``depends_on``, its states, order and critical path.

A cycle cannot be made (the ids are hashes over the edges); bad data could still claim one, so
nothing here follows edges without an end.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple, TypeVar
from git_muse_coord.model.light_time import UTC, datetime
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.rules.following import Following, where_work_goes_on

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Literal

    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.rules.state import Reservations, World

    NodeState = Literal["ready", "blocked", "done", "unknown"]
    Dependencies = dict[RecordId, tuple[RecordId, ...]]

Node = TypeVar("Node")
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


class WaitGraph(NamedTuple):
    """Nodes, edges and what follows from them.

    ``waits_for`` maps each node to its dependencies; ``order`` puts dependencies before what needs
    them; ``critical_path`` is the longest chain of unfinished nodes, first to do first.
    """

    states: Mapping[RecordId, NodeState]
    waits_for: Dependencies
    order: tuple[RecordId, ...]
    critical_path: tuple[RecordId, ...]


def blocked_by(
    depends_on: Iterable[RecordId],
    place: Following,
) -> list[RecordId]:
    """Those dependencies on which the work still goes on, by themselves or by what came in their place."""
    return [dependency for dependency in depends_on if place.of(dependency)]


def became_ready(
    released: Collection[RecordId],
    world: World,
    now: datetime,
) -> list[RecordId]:
    """The active reservations that waited for one of ``released`` and now wait for nothing.

    ``world`` already holds the releases.
    """
    gone = Following(world, set(released).__contains__)
    place = where_work_goes_on(world, now)
    ready: list[RecordId] = []
    for reservation_id, reservation in world.active(now).items():
        if not any(map(gone.of, reservation.depends_on)):
            continue
        if not blocked_by(reservation.depends_on, place):
            ready.append(reservation_id)
    return ready


def wait_graph(
    world: World,
    now: datetime,
    around: RecordId | None = None,
) -> WaitGraph:
    """The graph of the active reservations and of all that share an edge.

    With ``around``, only that reservation, what it waits for, and what waits for it.
    """
    place = where_work_goes_on(world, now)
    waits_for = _edges(world, now, place)
    if around is not None:
        middle = place.of(around) or around
        waits_for = _around(middle, waits_for)
    states: dict[RecordId, NodeState] = {}
    for node in waits_for:
        states[node] = _state(node, world, now, place)
    order = _order(waits_for, world.reservations)
    return WaitGraph(
        states=states,
        waits_for=waits_for,
        order=order,
        critical_path=_critical_path(order, waits_for, states),
    )


def _around(middle: RecordId, waits_for: Dependencies) -> Dependencies:
    """The edges among a node, what it waits for, and what waits for it, over any number of steps."""
    waited_for_by = turned_round(waits_for)
    before = reachable(middle, waits_for)
    behind = reachable(middle, waited_for_by)
    kept = before | behind
    edges: Dependencies = {}
    for node in kept:
        dependencies = waits_for.get(node, ())
        edges[node] = tuple(kept.intersection(dependencies))
    return edges


def _edges(
    world: World,
    now: datetime,
    place: Following,
) -> Dependencies:
    """What each waits for: of all that is active, and of all that waited for something.

    Of what was taken over, or united with another, that is waited for under which the work goes on.
    """
    edges: Dependencies = {}
    for reservation_id, reservation in world.reservations.items():
        if reservation.depends_on or world.is_active(reservation_id, now):
            awaited: dict[RecordId, None] = {}
            for named in reservation.depends_on:
                step = place.of(named) or named
                # others' records could say that it came in the place of what it waits for
                if step != reservation_id:
                    awaited[step] = None
            edges[reservation_id] = tuple(awaited)
    # What only is waited for is a node, too, known here or not.
    for dependencies in list(edges.values()):
        for dependency in dependencies:
            edges.setdefault(dependency, ())
    return edges


def turned_round(edges: Mapping[Node, Collection[Node]]) -> dict[Node, list[Node]]:
    """What waits for each."""
    waiting: dict[Node, list[Node]] = defaultdict(list)
    for node, dependencies in edges.items():
        for dependency in dependencies:
            waiting[dependency].append(node)
    return waiting


def reachable(start: Node, edges: Mapping[Node, Collection[Node]]) -> set[Node]:
    """A node and all that can be reached from it along the edges."""
    seen = {start}
    todo = [start]
    while todo:
        node = todo.pop()
        for neighbour in edges.get(node, ()):
            if neighbour not in seen:
                seen.add(neighbour)
                todo.append(neighbour)
    return seen


def _state(
    reservation_id: RecordId,
    world: World,
    now: datetime,
    place: Following,
) -> NodeState:
    reservation = world.reservations.get(reservation_id)
    if reservation is None:
        # A release may arrive, or outlive its reservation, alone.
        if world.is_released(reservation_id):
            return "done"
        return "unknown"
    if not world.is_active(reservation_id, now):
        return "done"
    if blocked_by(reservation.depends_on, place):
        return "blocked"
    return "ready"


def _order(waits_for: Dependencies, known: Reservations) -> tuple[RecordId, ...]:
    """Dependencies first, and of what may come next the oldest first."""

    def age(node: RecordId) -> tuple[datetime, str]:
        reservation = known.get(node)
        # What is not known here comes first: it was there before what names it.
        if reservation is None:
            return _BEFORE_ALL, node
        return reservation.created_at, node

    # Most neither wait nor are waited for, and need no sorter.
    waiting: Dependencies = {}
    awaited: set[RecordId] = set()
    for node, dependencies in waits_for.items():
        if dependencies:
            waiting[node] = dependencies
            awaited.update(dependencies)
    alone = waits_for.keys() - waiting.keys() - awaited
    from graphlib import CycleError, TopologicalSorter

    sorter = TopologicalSorter(waiting)
    try:
        sorter.prepare()
    except CycleError:
        return tuple(sorted(waits_for, key=age))
    first = sorter.get_ready()
    order = sorted([*alone, *first], key=age)
    sorter.done(*first)
    while sorter.is_active():
        ready = sorter.get_ready()
        oldest_first = sorted(ready, key=age)
        order += oldest_first
        sorter.done(*oldest_first)
    return tuple(order)


def _critical_path(
    order: Iterable[RecordId],
    waits_for: Dependencies,
    states: Mapping[RecordId, NodeState],
) -> tuple[RecordId, ...]:
    """The longest chain of what is not done, first to do first."""
    length: dict[RecordId, int] = {}
    longest_before: dict[RecordId, RecordId | None] = {}
    for node in order:
        if states[node] not in ("ready", "blocked"):
            continue
        dependencies = waits_for[node]
        # Dependencies come first in the order, so the lengths of those that count are known.
        unfinished = filter(length.__contains__, dependencies)
        before = max(unfinished, key=length.__getitem__, default=None)
        longest_before[node] = before
        length[node] = 1
        if before is not None:
            length[node] += length[before]
    step = max(length, key=length.__getitem__, default=None)
    path: list[RecordId] = []
    while step is not None:
        path.append(step)
        step = longest_before[step]
    path.reverse()
    return tuple(path)
