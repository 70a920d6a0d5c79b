"""Use case: who waits for whom."""

from __future__ import annotations

from collections.abc import (
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)

from git_muse_coord.coordinator.dependencies import with_dependencies
from git_muse_coord.coordinator.named_reservations import reservation_ids
from git_muse_coord.coordinator.session import Session, ignored
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.results import Result
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.state import World
from git_muse_coord.rules.waiting import wait_graph


class Node(Declared):
    """A reservation in the graph: ready, blocked, done (released or expired), or unknown here."""

    reservation_id: str
    run_id: str | None
    addresses: tuple[str, ...]
    state: str


class Edge(Declared):
    """``to`` waits for ``from``."""

    from_: str
    to: str


class DagResult(Result):
    """The graph. ``order`` puts dependencies first; ``critical_path`` is the longest chain of unfinished ones."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    order: tuple[str, ...]
    critical_path: tuple[str, ...]


def dag(
    session: Session,
    *,
    ready: bool = False,
    for_: str | None = None,
) -> DagResult:
    """The graph of what is active and of what it is connected to.

    With ``ready`` only the nodes that wait for nothing; with ``for_`` (an id) only what it
    waits for and what waits for it. Raises BadInput and NotThere.
    """
    snapshot = session.store.look()
    # Nobody may know the one that is asked for but the archive.
    named = reservation_ids([for_] if for_ is not None else [], snapshot)
    world = with_dependencies(snapshot, named)
    graph = wait_graph(world, session.now(), named[0] if named else None)
    shown = graph.order
    if ready:
        shown = tuple(node for node in graph.order if graph.states[node] == "ready")
    return DagResult(
        nodes=tuple(_node(node, world, graph.states[node]) for node in shown),
        edges=tuple(_edges(shown, graph.waits_for)),
        order=tuple(shown),
        critical_path=graph.critical_path,
        warnings=ignored(snapshot),
    )


def _node(
    reservation_id: RecordId,
    world: World,
    state: str,
) -> Node:
    reservation = world.reservations.get(reservation_id)
    return Node(
        reservation_id=reservation_id,
        run_id=reservation.run_id if reservation else None,
        addresses=reservation.addresses if reservation else (),
        state=state,
    )


def _edges(
    shown: Sequence[RecordId], waits_for: Mapping[RecordId, Iterable[RecordId]]
) -> Iterator[Edge]:
    """What of the shown waits for another that is shown."""
    known = set(shown)
    for waiting in shown:
        for dependency in waits_for[waiting]:
            if dependency in known:
                yield Edge(from_=dependency, to=waiting)
