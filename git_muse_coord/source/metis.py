"""The partition that METIS makes of a graph, where ``pymetis`` is installed (the extra ``shard``)."""

from __future__ import annotations

from git_muse_coord.rules.division import Parts
from git_muse_coord.rules.weighted import Weighted

_FEW = 20
"""So many vertices a part, at least."""


def metis(graph: Weighted, count: int) -> Parts | None:
    """Cut the graph into ``count`` parts; None where METIS is not there, or the graph is too small for them.

    Then METIS would print its complaints to our stdout.
    """
    weights = list(graph.weights)
    if count < 2 or len(weights) < _FEW * count:
        return None
    if not any(weights):
        return None
    try:
        from pymetis import CSRAdjacency, part_graph
    except ImportError:
        return None
    starts = [0]
    neighbours: list[int] = []
    ties: list[int] = []
    for row in graph.edges:
        neighbours += row.keys()
        ties += row.values()
        starts.append(len(neighbours))
    adjacency = CSRAdjacency(adj_starts=starts, adjacent=neighbours)
    division = part_graph(
        count,
        adjacency,
        vweights=weights,
        eweights=ties,
        recursive=False,
    )
    return list(division.vertex_part)
