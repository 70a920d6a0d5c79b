"""How good probabilities are, told by what came of them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

BINS = 10
HIGH = 0.9
STRICT = 0.7
SHOWN = 0.16
"""From how much on something is foretold; these were set before what they are scored on was looked at."""
DRAWS = 500


class Said(NamedTuple):
    """A probability, what came of it, and for how much it counts."""

    probability: float
    came_true: bool
    weight: float = 1.0


Score = Callable[[Sequence[Said]], float]


def auc(said: Sequence[Said]) -> float:
    """How probable it is that of two, of which one came true, that one was thought the likelier."""
    true = sum(one.came_true for one in said)
    false = len(said) - true
    if not true or not false:
        return float("nan")
    ahead, below = 0.0, 0
    for same in _groups(said, highest_first=False):
        here = sum(one.came_true for one in same)
        clean = len(same) - here
        ahead += here * (below + clean / 2)
        below += clean
    return ahead / (true * false)


def average_precision(said: Sequence[Said]) -> float:
    """The precision at each that came true, on average, going down from the likeliest."""
    true = sum(one.came_true for one in said)
    hits, seen, total = 0, 0, 0.0
    for same in _groups(said, highest_first=True):
        here = sum(one.came_true for one in same)
        hits += here
        seen += len(same)
        total += here * hits / seen
    return total / max(1, true)


def calibration_error(said: Sequence[Said]) -> float:
    """How far what was said is from what came true, on average over the bins."""
    apart = 0.0
    for group in binned(said).values():
        mean = sum(one.weight * one.probability for one in group)
        true = sum(one.weight * one.came_true for one in group)
        apart += abs(mean - true)
    return apart / max(1e-9, sum(one.weight for one in said))


def brier(said: Sequence[Said]) -> float:
    """The square of the error, on average."""
    total = sum(one.weight * (one.probability - one.came_true) ** 2 for one in said)
    return total / max(1e-9, sum(one.weight for one in said))


def recall(said: Sequence[Said], threshold: float) -> float:
    """Of what came true, how much was told from a threshold on."""
    true = [one for one in said if one.came_true]
    return sum(one.probability >= threshold for one in true) / max(1, len(true))


def precision(said: Sequence[Said], threshold: float) -> float:
    """Of what was told from a threshold on, how much came true."""
    told = [one for one in said if one.probability >= threshold]
    return sum(one.came_true for one in told) / max(1, len(told))


def stopped(said: Sequence[Said], threshold: float = STRICT) -> float:
    """Of what did not come true, how much was told from a threshold on."""
    clean = [one for one in said if not one.came_true]
    return sum(one.probability >= threshold for one in clean) / max(1, len(clean))


def recall_at(said: Sequence[Said], wanted: float = 0.5) -> float:
    """The most that can be told so that so much of it comes true."""
    true = sum(one.came_true for one in said)
    hits, seen, best = 0, 0, 0
    for same in _groups(said, highest_first=True):
        hits += sum(one.came_true for one in same)
        seen += len(same)
        if hits >= wanted * seen:
            best = hits
    return best / max(1, true)


def binned(said: Iterable[Said]) -> dict[int, list[Said]]:
    bins: dict[int, list[Said]] = defaultdict(list)
    for one in said:
        bins[min(BINS - 1, int(one.probability * BINS))].append(one)
    return bins


def interval(projects: Sequence[Sequence[Said]], score: Score) -> tuple[float, float]:
    """Between what a score lies in 95 of 100 draws of as many projects."""
    chance = random.Random(1)
    drawn: list[float] = []
    for _ in range(DRAWS):
        some = chance.choices(projects, k=len(projects))
        drawn.append(score([one for project in some for one in project]))
    drawn.sort()
    return drawn[DRAWS // 40], drawn[-1 - DRAWS // 40]


def _groups(said: Sequence[Said], *, highest_first: bool) -> list[list[Said]]:
    """What was told alike, which has no order."""
    ordered = sorted(said, key=lambda one: one.probability, reverse=highest_first)
    return [list(same) for _, same in groupby(ordered, key=lambda one: one.probability)]
