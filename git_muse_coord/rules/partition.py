"""Cutting a weighted graph into parts of equal weight so that little is cut: multilevel and deterministic.

The graph is shrunk by clustering, the smallest one is cut, and the cut is improved at every size on
the way back (``division``). What the vertices stand for is the business of ``shard``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from heapq import heappop, heappush
from zlib import crc32

from git_muse_coord.rules.division import Band, Division, Parts
from git_muse_coord.rules.weighted import Ties, Weighted

_COARSEST = 30
"""At most this many vertices for each part are few enough to be cut directly."""
_TOGETHER = 8
"""At most this many vertices become one in one step of shrinking."""
_STARTS = 4
_TRIES = 5
_WORK = 100_000
"""Many edges mean fewer tries, for the sake of time: at most this many ends of edges in all of them, but one try."""
_STALLED = 0.95
"""Shrinking ends with a step that leaves more than this share of the vertices."""

Propose = Callable[[Weighted, int], Parts | None]
"""Another way to cut a graph into a given number of parts; None where it does not apply."""


def partition(
    graph: Weighted,
    count: int,
    propose: Propose = lambda *_: None,
) -> Parts:
    """Cut the graph into ``count`` parts, numbered from 0, each within the band around their mean if that can be.

    A vertex too heavy for the band is a part of its own, and the others are balanced without it.
    What is proposed is balanced, improved, and taken if it cuts less than ours.
    """
    part_of = _giants(graph.weights, count)
    if not part_of:
        return _divided(graph, count, propose)
    vertices = range(len(graph.weights))
    rest = [vertex for vertex in vertices if vertex not in part_of]
    rest_graph = graph.among(rest)
    rest_count = count - len(part_of)
    parts = _divided(rest_graph, rest_count, propose)
    for number, vertex in enumerate(rest):
        part_of[vertex] = parts[number]
    return [part_of[vertex] for vertex in vertices]


def _giants(weights: Sequence[int], count: int) -> dict[int, int]:
    """The vertices that are heavier than a part may be, and the part of each, from the last one down."""
    giants: dict[int, int] = {}
    rest = sum(weights)
    vertices = range(len(weights))
    heaviest_first = sorted(vertices, key=weights.__getitem__, reverse=True)
    for vertex in heaviest_first:
        if count < 2:
            break
        # Each giant that is set aside makes the mean of the others smaller, and so the band.
        band = Band.around(rest / count)
        if weights[vertex] <= band.high:
            break
        count -= 1
        rest -= weights[vertex]
        giants[vertex] = count
    return giants


def _divided(
    graph: Weighted,
    count: int,
    propose: Propose,
) -> Parts:
    """The best of several tries, from different orders of the vertices, and of what is proposed."""
    ends = sum(map(len, graph.edges))
    affordable = _WORK // (1 + ends)
    tries = max(1, min(_TRIES, affordable))
    divisions: list[Division] = []
    for number in range(tries):
        division = _multilevel(graph, count, number)
        divisions.append(division)
    proposed = propose(graph, count)
    if proposed is not None:
        shares = [1] * count
        division = _settled(graph, proposed, shares)
        divisions.append(division)
    # Of equal ones the first, which is ours: the answer changes only where a proposal gains something.
    best = min(divisions, key=_worth)
    return best.parts


def _multilevel(
    graph: Weighted,
    count: int,
    number: int,
) -> Division:
    levels: list[tuple[Weighted, Parts]] = []
    mean = sum(graph.weights) / count
    # A cluster moves as one, so it must be light beside a part that is to be balanced with it.
    limit = mean / _TOGETHER
    while len(graph.weights) > _COARSEST * count:
        clusters = _clusters(graph, limit, number)
        size = max(clusters) + 1
        if size > _STALLED * len(clusters):
            break
        levels.append((graph, clusters))
        graph = _contracted(graph, clusters, size)
    shares = [1] * count
    halves = _halved(graph, count, number)
    division = _settled(graph, halves, shares)
    for finer, clusters in reversed(levels):
        # A vertex begins in the part that its cluster has come to.
        parts = [division.parts[cluster] for cluster in clusters]
        division = _settled(finer, parts, shares)
    return division


def _clusters(
    graph: Weighted,
    limit: float,
    number: int,
) -> list[int]:
    """Let each vertex in turn join the cluster that it is tied to most, up to a weight; numbered without gaps.

    Clusters, not pairs: around a hub pairs would leave almost all alone.
    """
    count = len(graph.weights)
    cluster_of = list(range(count))
    weights = list(graph.weights)
    sizes = [1] * count
    for vertex in _shuffled(count, number):
        own = cluster_of[vertex]
        if sizes[own] > 1:  # others have joined it
            continue
        weight = weights[vertex]
        best = vertex
        strongest = 0
        row = graph.edges[vertex]
        ties = _ties_to_clusters(row, cluster_of)
        for cluster, tie in ties.items():
            if tie <= strongest or sizes[cluster] >= _TOGETHER:
                continue
            if weights[cluster] + weight <= limit:
                best = cluster
                strongest = tie
        if best != vertex:
            weights[best] += weight
            sizes[best] += 1
            cluster_of[vertex] = best
    return _numbered(cluster_of)


def _numbered(cluster_of: Sequence[int]) -> list[int]:
    """Clusters that have the numbers of vertices, with numbers of their own, as they come."""
    numbers: dict[int, int] = {}
    numbered: list[int] = []
    for cluster in cluster_of:
        next_number = len(numbers)
        number = numbers.setdefault(cluster, next_number)
        numbered.append(number)
    return numbered


def _ties_to_clusters(row: Mapping[int, int], cluster_of: Sequence[int]) -> Ties:
    """How much a vertex with this row of edges is tied to each cluster."""
    ties: Ties = {}
    for neighbour, tie in row.items():
        cluster = cluster_of[neighbour]
        before = ties.get(cluster, 0)
        ties[cluster] = before + tie
    return ties


def _contracted(
    graph: Weighted,
    clusters: Sequence[int],
    count: int,
) -> Weighted:
    """The graph of the clusters: their vertices as one, and the edges between them added up."""
    weights = [0] * count
    rows: list[Ties] = [{} for _ in weights]
    for vertex, row in enumerate(graph.edges):
        cluster = clusters[vertex]
        weights[cluster] += graph.weights[vertex]
        ties = rows[cluster]
        for neighbour, tie in row.items():
            neighbours_cluster = clusters[neighbour]
            if neighbours_cluster == cluster:
                continue
            known = ties.get(neighbours_cluster, 0)
            ties[neighbours_cluster] = known + tie
    return Weighted(weights, rows)


def _halved(
    graph: Weighted,
    count: int,
    number: int,
) -> Parts:
    """Cut in two, by the best of some cuts that are grown from different vertices, and each half again."""
    vertices = range(len(graph.weights))
    if count < 2:
        return [0] * len(vertices)
    first_share = count // 2
    shares = (first_share, count - first_share)
    cuts: list[Division] = []
    for start in range(_STARTS):
        # Another order in each try, and in each start of a try.
        order_number = number * _STARTS + start
        order = _shuffled(len(vertices), order_number)
        grown = _grown(graph, shares, order)
        cut = _settled(graph, grown, shares)
        cuts.append(cut)
    halves = min(cuts, key=_worth).parts
    parts = [0] * len(halves)
    for half, share in enumerate(shares):
        members = [vertex for vertex in vertices if halves[vertex] == half]
        half_graph = graph.among(members)
        inner = _halved(half_graph, share, number)
        first = half * first_share  # the second half is numbered behind the first
        for place, vertex in enumerate(members):
            parts[vertex] = first + inner[place]
    return parts


def _grown(
    graph: Weighted,
    shares: tuple[int, int],
    order: Sequence[int],
) -> Parts:
    """Fill the first of two parts with what is tied to it most, beginning with the next vertex in an order."""
    parts = [1] * len(graph.weights)
    share, _ = shares
    room = sum(graph.weights) * share / sum(shares)
    rest = iter(order)
    ties: Ties = {}
    near: list[tuple[int, int]] = []
    while room > 0:
        vertex = _nearest(near, ties, parts)
        if vertex is None:  # the first one, or what is left is not connected to the part
            vertex = next(candidate for candidate in rest if parts[candidate])
        parts[vertex] = 0
        room -= graph.weights[vertex]
        row = graph.edges[vertex]
        for neighbour, tie in row.items():
            before = ties.get(neighbour, 0)
            stronger = before + tie
            ties[neighbour] = stronger
            heappush(near, (-stronger, neighbour))
    return parts


def _nearest(
    near: list[tuple[int, int]],
    ties: Mapping[int, int],
    parts: Sequence[int],
) -> int | None:
    """Take the vertex that is tied most to the part that grows out of a heap of (-tie, vertex)."""
    while near:
        negative_tie, vertex = heappop(near)
        is_taken = not parts[vertex]
        # A vertex is pushed again with each tie that is added; its older entries are passed over.
        is_old = -negative_tie != ties[vertex]
        if not is_taken and not is_old:
            return vertex
    return None


def _worth(division: Division) -> tuple[int, int]:
    return division.excess(), division.cut()


def _settled(
    graph: Weighted,
    parts: Sequence[int],
    shares: Sequence[int],
) -> Division:
    division = Division(graph, parts, shares)
    division.settle()
    return division


def _shuffled(size: int, number: int) -> list[int]:
    """All vertices in an order that is always the same for a number."""

    # Not by the module random: rules are pure, and its order may differ between versions of Python.
    def rank(vertex: int) -> int:
        return crc32(b"%d %d" % (number, vertex))

    return sorted(range(size), key=rank)
