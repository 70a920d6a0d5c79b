"""A partition of a weighted graph that can be improved: balance first, then the weight that is cut.

Moves in the manner of Fiduccia and Mattheyses: the best first, also some that cost, and back to the
best point.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from math import ceil, floor
from typing import NamedTuple

TOLERANCE = 0.05
"""The heaviest part may outweigh the lightest by this share."""

_PASSES = 6
_PATIENCE = 150
"""So many moves in a row that bring nothing end a pass."""
_SLACK = 0.3
"""As the tolerance, in the middle of a pass."""

Parts = list[int]
"""The part of each vertex, from 0."""
Step = tuple[tuple[int, int], ...]
"""Vertices and where they go, together."""


class Weighted(NamedTuple):
    """An undirected graph: the weight of each vertex (0 or more), and its neighbours with the weights of the edges."""

    weights: Sequence[int]
    edges: Sequence[Mapping[int, int]]

    @classmethod
    def of(cls, weights: Sequence[int], edges: Iterable[tuple[int, int, int]]) -> Weighted:
        """Add up parallel edges, in either direction; loops do not count."""
        rows: list[dict[int, int]] = [{} for _ in weights]
        for one, other, weight in edges:
            if one != other:
                rows[one][other] = rows[one].get(other, 0) + weight
                rows[other][one] = rows[other].get(one, 0) + weight
        return cls(weights, rows)

    def among(self, kept: Sequence[int]) -> Weighted:
        """The graph of some vertices, in their order."""
        place = {one: number for number, one in enumerate(kept)}
        edges = [
            {place[other]: tie for other, tie in self.edges[one].items() if other in place}
            for one in kept
        ]
        return Weighted([self.weights[one] for one in kept], edges)


class Band(NamedTuple):
    """The weights that a part may have."""

    low: int
    high: int

    @classmethod
    def around(cls, mean: float, share: float = TOLERANCE) -> Band:
        """A band whose upper end is above its lower end by a share at most, or by 1."""
        low = mean * 2 / (2 + share)
        ends = ceil(low), floor(low * (1 + share))
        return cls(min(ends), max(ends))

    def outside(self, load: int) -> int:
        """How far a weight is from the band."""
        return max(0, load - self.high, self.low - load)


class Division:
    """A graph, and the part of each of its vertices; the weights of the parts are to stand like their ``shares``."""

    def __init__(self, graph: Weighted, parts: Sequence[int], shares: Sequence[int]) -> None:
        self.graph = graph
        self.parts = list(parts)
        count = len(shares)
        total = sum(graph.weights)
        self._means = [total * share / sum(shares) for share in shares]
        self._bands = [Band.around(mean) for mean in self._means]
        self._wide = [Band.around(mean, _SLACK) for mean in self._means]
        self._loads = [0] * count
        self._ties: list[dict[int, int]] = [{} for _ in parts]
        for one, row in enumerate(graph.edges):
            self._loads[self.parts[one]] += graph.weights[one]
            ties = self._ties[one]
            for other, tie in row.items():
                ties[self.parts[other]] = ties.get(self.parts[other], 0) + tie

    def cut(self) -> int:
        """The weight of the edges between different parts."""
        return (
            sum(
                sum(ties.values()) - ties.get(part, 0)
                for ties, part in zip(self._ties, self.parts, strict=True)
            )
            // 2
        )

    def excess(self) -> int:
        """How far outside the band the parts are, in all."""
        return sum(map(Band.outside, self._bands, self._loads))

    def settle(self) -> None:
        """Balance and improve, until neither helps."""
        self._balance()
        for _ in range(_PASSES):
            if not self._pass():
                return

    def _move(self, one: int, part: int) -> None:
        before, weight = self.parts[one], self.graph.weights[one]
        self.parts[one] = part
        self._loads[before] -= weight
        self._loads[part] += weight
        for other, tie in self.graph.edges[one].items():
            ties = self._ties[other]
            ties[before] -= tie
            ties[part] = ties.get(part, 0) + tie

    # the cut

    def _pass(self) -> bool:
        """Move every vertex at most once, as long as there is hope; then undo what came after the best point."""
        waiting = [
            (-gain, one)
            for one in range(len(self.parts))
            if (gain := self._best(one)[0]) is not None
        ]
        heapify(waiting)
        trail: list[tuple[int, int]] = []
        moved: set[int] = set()
        gained = best = kept = 0
        limit = self.excess()
        while waiting and len(trail) - kept < _PATIENCE:
            loss, one = heappop(waiting)
            if one in moved:
                continue
            gain, part = self._best(one)
            if gain is None or gain < -loss:
                if gain is not None:
                    heappush(waiting, (-gain, one))
                continue
            trail.append((one, self.parts[one]))
            moved.add(one)
            self._move(one, part)
            gained += gain
            if gained > best and self.excess() <= limit:
                best, kept = gained, len(trail)
            for other in self.graph.edges[one]:
                if other not in moved and (hope := self._best(other)[0]) is not None:
                    heappush(waiting, (-hope, other))
        for one, part in reversed(trail[kept:]):
            self._move(one, part)
        return best > 0

    def _best(self, one: int) -> tuple[int | None, int]:
        """What the best move of a vertex to a part that it is tied to would gain; None if it has none."""
        ties, here, weight = self._ties[one], self.parts[one], self.graph.weights[one]
        if weight and self._loads[here] - weight < self._wide[here].low:
            return None, here
        best, where = 0, -1
        for part, tie in ties.items():
            if tie > best and part != here and self._loads[part] + weight <= self._wide[part].high:
                best, where = tie, part
        return (best - ties.get(here, 0), where) if where >= 0 else (None, here)

    def _gain(self, one: int, part: int) -> int:
        ties = self._ties[one]
        return ties.get(part, 0) - ties.get(self.parts[one], 0)

    # the balance

    def _balance(self) -> None:
        """Move what costs least until every part is in the band, or nothing brings them nearer."""
        for _ in self.parts:
            step = (
                next((step for step in (self._shift(), self._swap()) if step), None)
                if self.excess()
                else None
            )
            if step is None:
                return
            for one, part in step:
                self._move(one, part)

    def _shift(self) -> Step | None:
        """One vertex out of the heaviest part, or into the lightest, at the least cost for what it brings."""
        heavy, light = self._extremes()
        over = [load - mean for load, mean in zip(self._loads, self._means, strict=True)]
        if self._loads[heavy] > self._bands[heavy].high:
            sources, targets = [heavy], [part for part, more in enumerate(over) if more < 0]
        else:
            sources, targets = [part for part, more in enumerate(over) if more > 0], [light]
        best: tuple[float, int, int] | None = None
        for one in self._members(*sources):
            here = self.parts[one]
            for part in targets:
                if (brings := self._relief(here, part, self.graph.weights[one])) > 0:
                    found = (-self._gain(one, part) / brings, one, part)
                    best = min(best, found) if best else found
        return ((best[1], best[2]),) if best else None

    def _swap(self) -> Step | None:
        """A vertex of the heaviest part for a lighter one of the lightest, to come as near to the band as can be."""
        heavy, light = self._extremes()
        weights = self.graph.weights
        half = (
            self._loads[heavy] - self._means[heavy] - self._loads[light] + self._means[light]
        ) / 2
        others = sorted((weights[one], one) for one in self._members(light))
        best: tuple[float, int, int, int] | None = None
        for one in self._members(heavy):
            place = bisect_left(others, (weights[one] - half, 0))
            for weight, other in others[max(0, place - 2) : place + 2]:
                if (brings := self._relief(heavy, light, weights[one] - weight)) > 0:
                    gain = self._gain(one, light) + self._gain(other, heavy)
                    found = (-brings, -gain, one, other)
                    best = min(best, found) if best else found
        return ((best[2], light), (best[3], heavy)) if best else None

    def _relief(self, source: int, target: int, weight: int) -> int:
        """How much nearer to the band two parts come when a weight goes from one to the other."""
        one, other = self._loads[source], self._loads[target]
        before = self._bands[source].outside(one) + self._bands[target].outside(other)
        return (
            before
            - self._bands[source].outside(one - weight)
            - self._bands[target].outside(other + weight)
        )

    def _extremes(self) -> tuple[int, int]:
        filled = [load / (mean or 1) for load, mean in zip(self._loads, self._means, strict=True)]
        return filled.index(max(filled)), filled.index(min(filled))

    def _members(self, *parts: int) -> Iterator[int]:
        wanted = set(parts)
        return (
            one for one, part in enumerate(self.parts) if part in wanted and self.graph.weights[one]
        )
