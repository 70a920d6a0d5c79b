"""A graph with weights on its vertices and on its edges, which is what is cut into zones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

Ties = dict[int, int]
"""How much something is tied to vertices, or to parts, by their numbers."""
WeightedEdge = tuple[int, int, int]
"""Two vertices, and the weight of the edge between them."""


class Weighted(NamedTuple):
    """An undirected graph: the weight of each vertex (0 or more), and its neighbours with the weights of the edges."""

    weights: Sequence[int]
    edges: Sequence[Mapping[int, int]]

    @classmethod
    def of(
        cls,
        weights: Sequence[int],
        edges: Iterable[WeightedEdge],
    ) -> Weighted:
        """Add up parallel edges, in either direction; loops do not count."""
        rows: list[Ties] = [{} for _ in weights]
        for left, right, weight in edges:
            if left == right:
                continue
            add_tie(rows[left], right, weight)
            add_tie(rows[right], left, weight)
        return cls(weights, rows)

    def among(self, kept: Sequence[int]) -> Weighted:
        """The graph of some vertices, in their order."""
        new_number: dict[int, int] = {}
        for position, vertex in enumerate(kept):
            new_number[vertex] = position
        weights: list[int] = []
        rows: list[Ties] = []
        for vertex in kept:
            ties = self.edges[vertex]
            row: Ties = {}
            for neighbour, tie in ties.items():
                number = new_number.get(neighbour)
                if number is not None:
                    row[number] = tie
            weight = self.weights[vertex]
            weights.append(weight)
            rows.append(row)
        return Weighted(weights, rows)


def add_tie(
    ties: Ties,
    key: int,
    tie: int,
) -> None:
    """Make a tie to a vertex, or to a part, so much stronger."""
    before = ties.get(key, 0)
    ties[key] = before + tie
