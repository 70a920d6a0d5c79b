"""Which announced work is called by other announced work, over at most two steps."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import NamedTuple

from git_muse_coord.model.address import Address, Key
from git_muse_coord.rules.evidence import breakage
from git_muse_coord.rules.prediction import Prediction, all_of, holding, predicted
from git_muse_coord.rules.stakes import Ground, Met
from git_muse_coord.rules.uses import Use, UseEdge, UseGraph

_CALLS = frozenset({Use.CALL, Use.BASE})
_HUB = 200
"""What is used from more places is not followed further: everything would be near to everything."""


class _Way(NamedTuple):
    """From a symbol back over its users; the line is that of the use in the last one."""

    confidence: float
    keys: tuple[Key, ...]
    line: int

    def is_better_than(self, other: _Way) -> bool:
        """Shorter, or as short and surer: what is told must be the easiest to follow."""
        return (len(self.keys), -self.confidence) < (len(other.keys), -other.confidence)

    def __str__(self) -> str:
        names = " → ".join(map(_name, reversed(self.keys)))
        return f"{names} ({self.keys[-1][0]}:{self.line})"


def blast_radius(ground: Ground, graph: UseGraph) -> Iterator[Prediction]:
    """Pass blast_radius_overlap: what one holder announced is called by what another did."""
    for (changed, user), way in _reached(ground, graph).items():
        # What goes away cannot be broken.
        users = [stake for stake in ground.at[user] if stake.operation != "delete"]
        met = Met.of(ground.at[changed], users)
        if not met.ones:
            continue
        steps = len(way.keys) - 1
        worst = max(breakage(steps, operation) for operation, _ in met.operations())
        description = (
            f"{holding(met.others)} {user}, which uses {changed} of {all_of(met.ones)}: {way}"
        )
        yield predicted(
            "blast_radius_overlap",
            (changed, user),
            met.everybody,
            way.confidence * worst,
            description,
        )


def _reached(ground: Ground, graph: UseGraph) -> dict[tuple[Address, Address], _Way]:
    """From what was announced to the other announced things that use it, the best way to each."""

    @cache
    def announced(key: Key) -> list[Address]:
        return list(ground.along(key))

    best: dict[tuple[Address, Address], _Way] = {}
    for target in graph.targets:
        changed = announced(target)
        if not changed:
            continue
        for way in _ways(graph, target):
            for pair in product(changed, announced(way.keys[-1])):
                # What overlaps is predicted as that, and surer.
                if pair[0].overlaps(pair[1]):
                    continue
                if pair not in best or way.is_better_than(best[pair]):
                    best[pair] = way
    return best


def _ways(graph: UseGraph, target: Key) -> Iterator[_Way]:
    users = _callers(graph, target)
    for edge in users:
        yield _Way(edge.confidence, (target, edge.source), edge.line)
    if len(users) > _HUB:
        return
    for edge in users:
        further = _callers(graph, edge.source)
        if len(further) > _HUB:
            continue
        for second in further:
            if second.source == target:
                continue
            # Each step is a guess of its own; both must be right.
            confidence = edge.confidence * second.confidence
            yield _Way(confidence, (target, edge.source, second.source), second.line)


def _callers(graph: UseGraph, target: Key) -> list[UseEdge]:
    return [edge for edge in graph.users_of(target) if edge.use in _CALLS and edge.source != target]


def _name(key: Key) -> str:
    return ".".join(key[1:]) or key[0]
