"""A partition of a weighted graph that can be improved: balance first, then the weight that is cut.

Moves in the manner of Fiduccia and Mattheyses: the best first, also some that cost, and back to the
best point.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import (
    Callable,
    Iterable,
    Iterator,
    Sequence,
)
from heapq import heappop, heappush
from itertools import product
from math import ceil, floor
from operator import gt, lt
from typing import NamedTuple

from git_muse_coord.rules.weighted import Ties, Weighted, add_tie

TOLERANCE = 0.05
"""The heaviest part may outweigh the lightest by this share."""

_PASSES = 6
_PATIENCE = 150
"""A pass ends after at most this many moves in a row that bring nothing."""
_SLACK = 0.3
"""As the tolerance, in the middle of a pass."""

Parts = list[int]
"""The part of each vertex, from 0."""
Step = tuple[tuple[int, int], ...]
"""Vertices and where they go, together."""
_Hopes = list[tuple[int, int]]
"""A heap of vertices, each behind what its best move would lose, so that the most hopeful one is on top."""


class Band(NamedTuple):
    """The weights that a part may have."""

    low: int
    high: int

    @classmethod
    def around(cls, mean: float, share: float = TOLERANCE) -> Band:
        """A band whose upper end is above its lower end by a share at most, or by 1."""
        low = mean * 2 / (2 + share)
        high = low * (1 + share)
        lightest = ceil(low)
        heaviest = floor(high)
        # Around a small mean no whole number may lie between the two, so that they change places.
        if lightest > heaviest:
            return cls(heaviest, lightest)
        return cls(lightest, heaviest)

    def outside(self, load: int) -> int:
        """How far a weight is from the band."""
        if load > self.high:
            return load - self.high
        if load < self.low:
            return self.low - load
        return 0


class Division:
    """A graph, and the part of each of its vertices; the weights of the parts are to stand like their ``shares``."""

    def __init__(
        self,
        graph: Weighted,
        parts: Sequence[int],
        shares: Sequence[int],
    ) -> None:
        self.graph = graph
        self.parts = list(parts)
        self._means: list[float] = []
        self._bands: list[Band] = []
        self._wide: list[Band] = []
        total = sum(graph.weights)
        all_shares = sum(shares)
        for share in shares:
            mean = total * share / all_shares
            band = Band.around(mean)
            wide_band = Band.around(mean, _SLACK)
            self._means.append(mean)
            self._bands.append(band)
            self._wide.append(wide_band)
        self._loads = [0] * len(shares)
        # How much each vertex is tied to each part. This is kept up with every move, because to
        # add it up anew for each move that is considered would be most of the work.
        self._ties: list[Ties] = []
        for vertex, row in enumerate(graph.edges):
            own_part = self.parts[vertex]
            self._loads[own_part] += graph.weights[vertex]
            ties: Ties = {}
            for neighbour, tie in row.items():
                part = self.parts[neighbour]
                add_tie(ties, part, tie)
            self._ties.append(ties)

    def cut(self) -> int:
        """The weight of the edges between different parts."""
        crossing = 0
        for vertex, ties in enumerate(self._ties):
            part = self.parts[vertex]
            inside = ties.get(part, 0)
            in_all = sum(ties.values())
            crossing += in_all - inside
        return crossing // 2  # each edge was counted from both of its ends

    def excess(self) -> int:
        """How far outside the band the parts are, in all."""
        outside = map(Band.outside, self._bands, self._loads)
        return sum(outside)

    def settle(self) -> None:
        """Balance and improve, until neither helps."""
        self._balance()
        for _ in range(_PASSES):
            if not self._pass():
                return

    def _move(self, vertex: int, part: int) -> None:
        before = self.parts[vertex]
        weight = self.graph.weights[vertex]
        self.parts[vertex] = part
        self._loads[before] -= weight
        self._loads[part] += weight
        row = self.graph.edges[vertex]
        for neighbour, tie in row.items():
            ties = self._ties[neighbour]
            ties[before] -= tie
            add_tie(ties, part, tie)

    # the cut

    def _pass(self) -> bool:
        """Move every vertex at most once, as long as there is hope; then undo what came after the best point."""
        waiting: _Hopes = []
        for vertex, _ in enumerate(self.parts):
            self._hope(waiting, vertex)
        trail: list[tuple[int, int]] = []  # what was moved, and out of which part
        moved: set[int] = set()
        gained = 0
        best = 0
        kept = 0
        limit = self.excess()
        while waiting and len(trail) - kept < _PATIENCE:
            loss, vertex = heappop(waiting)
            if vertex in moved:
                continue
            gain, part = self._best(vertex)
            if gain is None:
                continue
            # Moves of neighbours have changed what this one gains. It waits again with what is
            # true now; one that gains more than it hoped has a second entry that came first.
            hoped = -loss
            if gain < hoped:
                heappush(waiting, (-gain, vertex))
                continue
            before = self.parts[vertex]
            trail.append((vertex, before))
            moved.add(vertex)
            self._move(vertex, part)
            gained += gain
            if gained > best and self.excess() <= limit:
                best = gained
                kept = len(trail)
            for neighbour in self.graph.edges[vertex]:
                if neighbour not in moved:
                    self._hope(waiting, neighbour)
        undone = trail[kept:]
        for vertex, part in reversed(undone):
            self._move(vertex, part)
        return best > 0

    def _hope(self, waiting: _Hopes, vertex: int) -> None:
        """Queue a vertex by what it would lose, so that the one with the best move comes first."""
        gain, _ = self._best(vertex)
        if gain is not None:
            heappush(waiting, (-gain, vertex))

    def _best(self, vertex: int) -> tuple[int | None, int]:
        """What the best move of a vertex to a part that it is tied to would gain; None if it has none."""
        here = self.parts[vertex]
        weight = self.graph.weights[vertex]
        # Within the wide band only: a pass may leave the narrow one on its way to a better point.
        left_here = self._loads[here] - weight
        if weight and left_here < self._wide[here].low:
            return None, here
        ties = self._ties[vertex]
        best = 0
        target = here
        for part, tie in ties.items():
            if tie <= best or part == here:
                continue
            load = self._loads[part] + weight
            if load <= self._wide[part].high:
                best = tie
                target = part
        if target == here:
            return None, here
        return best - ties.get(here, 0), target

    def _gain(self, vertex: int, part: int) -> int:
        ties = self._ties[vertex]
        here = self.parts[vertex]
        tie_here = ties.get(here, 0)
        tie_there = ties.get(part, 0)
        return tie_there - tie_here

    # the balance

    def _balance(self) -> None:
        """Move what costs least until every part is in the band, or nothing brings them nearer."""
        # One step for each vertex is more than enough, and an end in any case.
        for _ in self.parts:
            if not self.excess():
                return
            # Where no single vertex is light enough, an exchange can still make a small difference.
            step = self._shift() or self._swap()
            if step is None:
                return
            for vertex, part in step:
                self._move(vertex, part)

    def _shift(self) -> Step | None:
        """One vertex out of the heaviest part, or into the lightest, at the least cost for what it brings."""
        heavy, light = self._extremes()
        band = self._bands[heavy]
        if self._loads[heavy] > band.high:
            sources = [heavy]
            targets = self._parts_where(lt)
        else:
            sources = self._parts_where(gt)
            targets = [light]
        movable = self._members(sources)
        best: tuple[float, int, int] | None = None
        for vertex, part in product(movable, targets):
            here = self.parts[vertex]
            weight = self.graph.weights[vertex]
            relief = self._relief(here, part, weight)
            if relief <= 0:
                continue
            gain = self._gain(vertex, part)
            cost = -gain / relief
            move = (cost, vertex, part)
            if best is None or move < best:
                best = move
        if best is None:
            return None
        _, vertex, part = best
        return ((vertex, part),)

    def _swap(self) -> Step | None:
        """A vertex of the heaviest part for a lighter one of the lightest, to come as near to the band as can be."""
        heavy, light = self._extremes()
        weights = self.graph.weights
        over = self._loads[heavy] - self._means[heavy]
        under = self._loads[light] - self._means[light]
        half = (over - under) / 2
        partners: list[tuple[int, int]] = []
        for vertex in self._members([light]):
            weight = weights[vertex]
            partners.append((weight, vertex))
        partners.sort()
        best: tuple[float, int, int, int] | None = None
        for vertex in self._members([heavy]):
            weight = weights[vertex]
            # The best partner is lighter by half of the difference: only those around it are tried.
            place = bisect_left(partners, (weight - half, 0))
            first = max(0, place - 2)
            for partner_weight, partner in partners[first : place + 2]:
                difference = weight - partner_weight
                relief = self._relief(heavy, light, difference)
                if relief <= 0:
                    continue
                gain = self._gain(vertex, light)
                gain += self._gain(partner, heavy)
                exchange = (-relief, -gain, vertex, partner)
                if best is None or exchange < best:
                    best = exchange
        if best is None:
            return None
        _, _, vertex, partner = best
        return ((vertex, light), (partner, heavy))

    def _relief(
        self,
        source: int,
        target: int,
        weight: int,
    ) -> int:
        """How much nearer to the band two parts come when a weight goes from one to the other."""
        giving = self._bands[source]
        taking = self._bands[target]
        from_load = self._loads[source]
        to_load = self._loads[target]
        before = giving.outside(from_load)
        before += taking.outside(to_load)
        after = giving.outside(from_load - weight)
        after += taking.outside(to_load + weight)
        return before - after

    def _extremes(self) -> tuple[int, int]:
        """The parts that are filled most and least, for what their share of the weight is."""
        filled: list[float] = []
        for part, load in enumerate(self._loads):
            # Where nothing weighs anything every mean is 0.
            mean = self._means[part] or 1
            filled.append(load / mean)
        most = max(filled)
        least = min(filled)
        return filled.index(most), filled.index(least)

    def _parts_where(self, holds: Callable[[float, float], bool]) -> list[int]:
        """The parts of whose weight, and of the mean for their share, something holds."""
        parts: list[int] = []
        for part, load in enumerate(self._loads):
            mean = self._means[part]
            if holds(load, mean):
                parts.append(part)
        return parts

    def _members(self, parts: Iterable[int]) -> Iterator[int]:
        """The vertices of some parts that have a weight: to move one without changes no balance."""
        wanted = set(parts)
        weights = self.graph.weights
        for vertex, part in enumerate(self.parts):
            if part in wanted and weights[vertex]:
                yield vertex
