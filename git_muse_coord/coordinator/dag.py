"""Use case: who waits for whom."""

from __future__ import annotations

from dataclasses import dataclass

from git_muse_coord.coordinator.session import Session, ignored, reservation_ids
from git_muse_coord.model.results import Result
from git_muse_coord.rules.waiting import wait_graph


@dataclass(kw_only=True, eq=False)
class Node:
    """A reservation in the graph: ready, blocked, done (released or expired), or unknown here."""

    reservation_id: str
    run_id: str | None
    addresses: tuple[str, ...]
    state: str


@dataclass(kw_only=True, eq=False)
class Edge:
    """``to`` waits for ``from``."""

    from_: str
    to: str


@dataclass(kw_only=True, eq=False)
class DagResult(Result):
    """The graph. ``order`` puts dependencies first; ``critical_path`` is the longest chain of unfinished ones."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    order: tuple[str, ...]
    critical_path: tuple[str, ...]


def dag(session: Session, *, ready: bool = False, for_: str | None = None) -> DagResult:
    """The graph of what is active and of what it is connected to.

    With ``ready`` only the nodes that wait for nothing; with ``for_`` (an id) only what it
    waits for and what waits for it. Raises BadInput and NotThere.
    """
    snapshot = session.store.look()
    world = snapshot.world()
    around = reservation_ids([for_], snapshot)[0] if for_ is not None else None
    named = {one for record in world.reservations.values() for one in record.depends_on}
    absent = [
        one for one in (*named, *([around] if around else [])) if one not in world.reservations
    ]
    if absent:
        world = snapshot.world(absent)
    graph = wait_graph(world, session.now(), around)
    shown = [one for one in graph.order if not ready or graph.states[one] == "ready"]
    kept = set(shown)
    nodes = [(one, world.reservations.get(one)) for one in shown]
    return DagResult(
        nodes=tuple(
            Node(
                reservation_id=one,
                run_id=record.run_id if record else None,
                addresses=record.addresses if record else (),
                state=graph.states[one],
            )
            for one, record in nodes
        ),
        edges=tuple(
            Edge(from_=dependency, to=one)
            for one in shown
            for dependency in graph.waits_for[one]
            if dependency in kept
        ),
        order=tuple(shown),
        critical_path=graph.critical_path,
        warnings=ignored(snapshot),
    )
