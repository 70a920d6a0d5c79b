"""Who waits for whom: the graph of ``depends_on``, its states, order and critical path.

A cycle cannot be made (the ids are hashes over the edges); bad data could still claim one, so
nothing here follows edges without an end.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from datetime import datetime
from graphlib import CycleError, TopologicalSorter
from typing import Literal, NamedTuple, TypeVar

from git_muse_coord.model.records import Reservation
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.state import World

NodeState = Literal["ready", "blocked", "done", "unknown"]

Node = TypeVar("Node", bound=Hashable)


class WaitGraph(NamedTuple):
    """Nodes, edges and what follows from them.

    ``waits_for`` maps each node to its dependencies; ``order`` puts dependencies before what needs
    them; ``critical_path`` is the longest chain of unfinished nodes, first to do first.
    """

    states: Mapping[RecordId, NodeState]
    waits_for: Mapping[RecordId, tuple[RecordId, ...]]
    order: tuple[RecordId, ...]
    critical_path: tuple[RecordId, ...]


def blocked_by(depends_on: Iterable[RecordId], world: World, now: datetime) -> list[RecordId]:
    """Those dependencies that are still active."""
    return [one for one in depends_on if world.is_active(one, now)]


def became_ready(released: Collection[RecordId], world: World, now: datetime) -> list[RecordId]:
    """The active reservations that waited for one of ``released`` and now wait for nothing.

    ``world`` already holds the releases.
    """
    gone = set(released)
    return [
        one
        for one, record in world.active(now).items()
        if gone.intersection(record.depends_on) and not blocked_by(record.depends_on, world, now)
    ]


def wait_graph(world: World, now: datetime, around: RecordId | None = None) -> WaitGraph:
    """The graph of the active reservations and of all that share an edge.

    With ``around``, only that reservation, what it waits for, and what waits for it.
    """
    waits_for = _edges(world, now)
    if around is not None:
        kept = reachable(around, waits_for) | reachable(around, _reversed(waits_for))
        waits_for = {one: tuple(kept.intersection(waits_for.get(one, ()))) for one in kept}
    states = {one: _state(one, world, now) for one in waits_for}
    order = _order(waits_for, world.reservations)
    return WaitGraph(states, waits_for, order, _critical_path(order, waits_for, states))


def _edges(world: World, now: datetime) -> dict[RecordId, tuple[RecordId, ...]]:
    edges: dict[RecordId, tuple[RecordId, ...]] = {}
    for one, record in world.reservations.items():
        if record.depends_on or world.is_active(one, now):
            edges[one] = record.depends_on
    for one in [dependency for dependencies in list(edges.values()) for dependency in dependencies]:
        edges.setdefault(one, ())
    return edges


def _reversed(
    edges: Mapping[RecordId, tuple[RecordId, ...]],
) -> dict[RecordId, tuple[RecordId, ...]]:
    back: dict[RecordId, list[RecordId]] = {one: [] for one in edges}
    for one, targets in edges.items():
        for target in targets:
            back[target].append(one)
    return {one: tuple(targets) for one, targets in back.items()}


def reachable(start: Node, edges: Mapping[Node, Collection[Node]]) -> set[Node]:
    """A node and all that can be reached from it along the edges."""
    seen = {start}
    todo = [start]
    while todo:
        fresh = [one for one in edges.get(todo.pop(), ()) if one not in seen]
        seen.update(fresh)
        todo.extend(fresh)
    return seen


def _state(one: RecordId, world: World, now: datetime) -> NodeState:
    if one not in world.reservations:
        return "done" if world.is_released(one) else "unknown"
    if not world.is_active(one, now):
        return "done"
    return "blocked" if blocked_by(world.reservations[one].depends_on, world, now) else "ready"


def _order(
    waits_for: Mapping[RecordId, tuple[RecordId, ...]], known: Mapping[RecordId, Reservation]
) -> tuple[RecordId, ...]:
    def age(one: RecordId) -> tuple[str, str]:
        return (known[one].created_at.isoformat() if one in known else "", one)

    sorter = TopologicalSorter(waits_for)
    try:
        sorter.prepare()
    except CycleError:
        return tuple(sorted(waits_for, key=age))
    order: list[RecordId] = []
    while sorter.is_active():
        batch = sorted(sorter.get_ready(), key=age)
        order.extend(batch)
        sorter.done(*batch)
    return tuple(order)


def _critical_path(
    order: Iterable[RecordId],
    waits_for: Mapping[RecordId, tuple[RecordId, ...]],
    states: Mapping[RecordId, NodeState],
) -> tuple[RecordId, ...]:
    length: dict[RecordId, int] = {}
    before: dict[RecordId, RecordId | None] = {}
    for one in order:
        if states[one] in ("ready", "blocked"):
            open_ones = [dependency for dependency in waits_for[one] if dependency in length]
            before[one] = max(open_ones, key=length.__getitem__, default=None)
            length[one] = 1 + max((length[dependency] for dependency in open_ones), default=0)
    step = max(length, key=length.__getitem__, default=None)
    path: list[RecordId] = []
    while step is not None:
        path.append(step)
        step = before[step]
    return tuple(reversed(path))
