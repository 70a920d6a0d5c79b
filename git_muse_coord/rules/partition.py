"""Cutting a weighted graph into parts of equal weight so that little is cut: multilevel and deterministic.

The graph is shrunk by clustering, the smallest one is cut, and the cut is improved at every size on the way back
(``division``). What the vertices stand for is the business of ``shard``.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from zlib import crc32

from git_muse_coord.rules.division import Band, Division, Parts, Weighted

_COARSEST = 30
"""So many vertices for each part are few enough to be cut directly."""
_TOGETHER = 8
"""So many vertices at most become one in one step of shrinking."""
_STARTS = 4
_TRIES = 5
_WORK = 100_000
"""Many edges mean fewer tries, for the sake of time: so many ends of edges in all of them, but one try at least."""


def partition(graph: Weighted, count: int, given: Parts | None = None) -> Parts:
    """Cut the graph into ``count`` parts, numbered from 0, each within the band around their mean if that can be.

    A vertex too heavy for the band is a part of its own, and the others are balanced without it. ``given``, a partition
    by somebody else, is balanced, improved, and taken if it cuts less than ours.
    """
    if not graph.weights:
        return []
    heaviest = max(range(len(graph.weights)), key=graph.weights.__getitem__)
    if count > 1 and graph.weights[heaviest] > Band.around(sum(graph.weights) / count).high:
        return _apart(graph, count, heaviest)
    tries = max(1, min(_TRIES, _WORK // (1 + sum(map(len, graph.edges)))))
    found = [_multilevel(graph, count, number) for number in range(tries)]
    if given is not None:
        found.append(_settled(graph, given, count))
    return min(found, key=lambda one: (one.excess(), one.cut())).parts


def _apart(graph: Weighted, count: int, giant: int) -> Parts:
    """One vertex alone in the last part, and the rest in the others."""
    kept = [one for one in range(len(graph.weights)) if one != giant]
    place = {one: number for number, one in enumerate(kept)}
    edges = [{place[other]: tie for other, tie in graph.edges[one].items() if other != giant} for one in kept]
    inner = partition(Weighted([graph.weights[one] for one in kept], edges), count - 1)
    return [count - 1 if one == giant else inner[place[one]] for one in range(len(graph.weights))]


def _multilevel(graph: Weighted, count: int, number: int) -> Division:
    levels: list[tuple[Weighted, list[int]]] = []
    limit = sum(graph.weights) / count / _TOGETHER
    while len(graph.weights) > _COARSEST * count:
        clusters = _clusters(graph, limit, number)
        size = max(clusters) + 1
        if size > 0.95 * len(clusters):
            break
        levels.append((graph, clusters))
        graph = _contracted(graph, clusters, size)
    division = _first(graph, count, number)
    for level, clusters in reversed(levels):
        division = _settled(level, [division.parts[cluster] for cluster in clusters], count)
    return division


def _clusters(graph: Weighted, limit: float, number: int) -> list[int]:
    """Let each vertex in turn join the cluster that it is tied to most, up to a weight; numbered without gaps.

    Clusters, not pairs: around a hub pairs would leave almost all alone.
    """
    cluster = list(range(len(graph.weights)))
    weights = list(graph.weights)
    sizes = [1] * len(cluster)
    for one in _shuffled(len(cluster), number):
        if sizes[cluster[one]] > 1:  # others have joined it
            continue
        ties: dict[int, int] = {}
        for other, tie in graph.edges[one].items():
            ties[cluster[other]] = ties.get(cluster[other], 0) + tie
        best, strongest = one, 0
        for home, tie in ties.items():
            if tie > strongest and weights[home] + weights[one] <= limit and sizes[home] < _TOGETHER:
                best, strongest = home, tie
        if best != one:
            weights[best] += weights[one]
            sizes[best] += 1
            cluster[one] = best
    names: dict[int, int] = {}
    return [names.setdefault(home, len(names)) for home in cluster]


def _contracted(graph: Weighted, clusters: Sequence[int], count: int) -> Weighted:
    weights = [0] * count
    rows: list[dict[int, int]] = [{} for _ in range(count)]
    for one, row in enumerate(graph.edges):
        home = clusters[one]
        weights[home] += graph.weights[one]
        ties = rows[home]
        for other, tie in row.items():
            there = clusters[other]
            if there != home:
                ties[there] = ties.get(there, 0) + tie
    return Weighted(weights, rows)


def _first(graph: Weighted, count: int, number: int) -> Division:
    """The best of some cuts that are grown from different vertices."""
    orders = [_shuffled(len(graph.weights), number * _STARTS + start) for start in range(_STARTS)]
    grown = [_settled(graph, _grown(graph, count, order), count) for order in orders]
    return min(grown, key=lambda one: (one.excess(), one.cut()))


def _grown(graph: Weighted, count: int, order: Sequence[int]) -> Parts:
    """Fill part after part, each with what is tied to it most, beginning with the next vertex in an order."""
    parts = [-1] * len(graph.weights)
    rest = iter(order)
    left, open_ones = sum(graph.weights), len(parts)
    for part in range(count):
        room, load = left / (count - part), 0
        ties: dict[int, int] = {}
        near: list[tuple[int, int]] = []
        while open_ones and (load < room or part == count - 1):
            while near and (parts[near[0][1]] >= 0 or -near[0][0] != ties[near[0][1]]):
                heappop(near)
            one = heappop(near)[1] if near else next(one for one in rest if parts[one] < 0)
            parts[one] = part
            open_ones -= 1
            load += graph.weights[one]
            for other, tie in graph.edges[one].items():
                ties[other] = ties.get(other, 0) + tie
                heappush(near, (-ties[other], other))
        left -= load
    return parts


def _settled(graph: Weighted, parts: Sequence[int], count: int) -> Division:
    division = Division(graph, parts, count)
    division.settle()
    return division


def _shuffled(size: int, number: int) -> list[int]:
    """All vertices in an order that is always the same for a number."""
    return sorted(range(size), key=lambda one: crc32(b"%d %d" % (number, one)))
