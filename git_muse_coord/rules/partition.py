"""Cutting a weighted graph into parts of equal weight so that little is cut: multilevel and deterministic.

The graph is shrunk by clustering, the smallest one is cut, and the cut is improved at every size on
the way back (``division``). What the vertices stand for is the business of ``shard``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

Propose = Callable[[Weighted, int], Parts | None]
"""Another way to cut a graph into so many parts; None where it does not apply."""


def partition(graph: Weighted, count: int, propose: Propose = lambda *_: None) -> Parts:
    """Cut the graph into ``count`` parts, numbered from 0, each within the band around their mean if that can be.

    A vertex too heavy for the band is a part of its own, and the others are balanced without it.
    What is proposed is balanced, improved, and taken if it cuts less than ours.
    """
    giants = _giants(graph.weights, count)
    if not giants:
        return _divided(graph, count, propose)
    kept = [one for one in range(len(graph.weights)) if one not in giants]
    found = dict(zip(kept, _divided(graph.among(kept), count - len(giants), propose), strict=True))
    return [found[one] if one in found else giants[one] for one in range(len(graph.weights))]


def _giants(weights: Sequence[int], count: int) -> dict[int, int]:
    """The vertices that are heavier than a part may be, and the part of each, from the last one down."""
    giants: dict[int, int] = {}
    rest = sum(weights)
    for one in sorted(range(len(weights)), key=weights.__getitem__, reverse=True):
        if count < 2 or weights[one] <= Band.around(rest / count).high:
            break
        count -= 1
        rest -= weights[one]
        giants[one] = count
    return giants


def _divided(graph: Weighted, count: int, propose: Propose) -> Parts:
    tries = max(1, min(_TRIES, _WORK // (1 + sum(map(len, graph.edges)))))
    found = [_multilevel(graph, count, number) for number in range(tries)]
    if (given := propose(graph, count)) is not None:
        found.append(_settled(graph, given, [1] * count))
    return min(found, key=_worth).parts


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
    division = _settled(graph, _halved(graph, count, number), [1] * count)
    for level, clusters in reversed(levels):
        division = _settled(level, [division.parts[cluster] for cluster in clusters], [1] * count)
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
            if (
                tie > strongest
                and weights[home] + weights[one] <= limit
                and sizes[home] < _TOGETHER
            ):
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


def _halved(graph: Weighted, count: int, number: int) -> Parts:
    """Cut in two, by the best of some cuts that are grown from different vertices, and each half again."""
    if count < 2:
        return [0] * len(graph.weights)
    shares = (count // 2, count - count // 2)
    orders = [_shuffled(len(graph.weights), number * _STARTS + start) for start in range(_STARTS)]
    halves = min(
        (_settled(graph, _grown(graph, shares, order), shares) for order in orders), key=_worth
    ).parts
    parts = [0] * len(halves)
    for half, share in enumerate(shares):
        kept = [one for one, part in enumerate(halves) if part == half]
        for one, part in zip(kept, _halved(graph.among(kept), share, number), strict=True):
            parts[one] = part + half * shares[0]
    return parts


def _grown(graph: Weighted, shares: tuple[int, int], order: Sequence[int]) -> Parts:
    """Fill the first of two parts with what is tied to it most, beginning with the next vertex in an order."""
    parts = [1] * len(graph.weights)
    room = sum(graph.weights) * shares[0] / sum(shares)
    rest = iter(order)
    ties: dict[int, int] = {}
    near: list[tuple[int, int]] = []
    while room > 0:
        while near and (not parts[near[0][1]] or -near[0][0] != ties[near[0][1]]):
            heappop(near)
        one = heappop(near)[1] if near else next(one for one in rest if parts[one])
        parts[one] = 0
        room -= graph.weights[one]
        for other, tie in graph.edges[one].items():
            ties[other] = ties.get(other, 0) + tie
            heappush(near, (-ties[other], other))
    return parts


def _worth(division: Division) -> tuple[int, int]:
    return division.excess(), division.cut()


def _settled(graph: Weighted, parts: Sequence[int], shares: Sequence[int]) -> Division:
    division = Division(graph, parts, shares)
    division.settle()
    return division


def _shuffled(size: int, number: int) -> list[int]:
    """All vertices in an order that is always the same for a number."""
    return sorted(range(size), key=lambda one: crc32(b"%d %d" % (number, one)))
