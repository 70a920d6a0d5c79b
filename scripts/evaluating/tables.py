"""How often each kind of evidence came to a conflict, learned from any set of projects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from git_muse_coord.rules.calibration import Frequency
from git_muse_coord.rules.evidence import ANY, Evidence

SMOOTHING = 5
"""So many merges of the coarser kind are added to each finer kind of evidence."""
ENOUGH = 8
"""Below so many merges a kind of evidence is not told from the coarser one."""
_NO_PLACES = (
    Evidence.FILE,
    Evidence.DIRECTORY,
    Evidence.IN_DIRECTORY,
    Evidence.IN_FILE,
    Evidence.AROUND,
    "blast",
    "unfinished",
)
"""What does not count for evidence of which nothing is known."""

Lessons = dict[str, list[bool]]
"""Of one merge: what came of each kind of evidence."""


class Sum(NamedTuple):
    """In how many merges there was evidence of a kind, and how often it came true, each merge counting once."""

    merges: int = 0
    conflicts: float = 0.0


Sums = Mapping[str, Sum]


def summed(merges: Iterable[Lessons]) -> Sums:
    """The sums over the merges of one project."""
    sums: dict[str, Sum] = defaultdict(Sum)
    for lessons in merges:
        for kind, outcomes in lessons.items():
            before = sums[kind]
            part = sum(outcomes) / len(outcomes)
            sums[kind] = Sum(before.merges + 1, before.conflicts + part)
    return sums


def table(projects: Iterable[Sums]) -> dict[str, Frequency]:
    """What some projects say together, each kind smoothed towards the coarser one."""
    sums: dict[str, Sum] = defaultdict(Sum)
    for project in projects:
        for kind, (merges, conflicts) in project.items():
            before = sums[kind]
            sums[kind] = Sum(before.merges + merges, before.conflicts + conflicts)
    coarse = [kind for kind in sums if "/" not in kind and kind not in _NO_PLACES]
    merges = sum(sums[kind].merges for kind in coarse)
    conflicts = sum(sums[kind].conflicts for kind in coarse)
    learned = {ANY: _frequency(Sum(merges, conflicts), conflicts / max(1, merges), 0)}
    for kind in sorted(sums, key=lambda kind: (kind.count("/"), kind)):
        coarser = learned[kind.rpartition("/")[0] or ANY].probability
        learned[kind] = _frequency(sums[kind], coarser, SMOOTHING)
    return {
        kind: frequency
        for kind, frequency in sorted(learned.items())
        if "/" not in kind or frequency.trials >= ENOUGH
    }


def _frequency(counted: Sum, coarser: float, smoothing: int) -> Frequency:
    weight = max(1, counted.merges + smoothing)
    probability = (counted.conflicts + smoothing * coarser) / weight
    if not smoothing:
        probability = coarser
    return Frequency(counted.merges, round(counted.conflicts, 1), round(probability, 3))
