"""How probable a conflict is in one place, from the few numbers that carry over from project to project.

A logistic regression of what the table of all projects says, of how the merges of this project
went so far, of what is on record of the place, and, where the commits of one side are there
already, of the share of the place that they changed. Each may be missing. Its weights stand in
``merge_weights``, written by ``scripts/eval_merges --fit``.
"""

from __future__ import annotations

from math import exp, log

from git_muse_coord.model.address import Key
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.rules.merge_record import Tally
from git_muse_coord.rules.merge_weights import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from git_muse_coord.rules.merge_record import MergeRecord

_LEAST = 0.002
"""No chance is taken for less, nor for more than what is left: nothing is certain before it is so."""
PROJECT_DOUBT = 5.0
PATH_DOUBT = 2.0
PLACE_DOUBT = 1.0
"""How many conflicts as foretold are believed before anything was seen of a project, a path, a symbol in it."""


class Grounds(NamedTuple):
    """A chance and what it rests on.

    ``table`` is what all projects together say; ``project``, ``path`` and ``place`` are the record
    of this project, empty where there is none: its merges that share a file, those in which both
    sides touched this file, and this symbol. ``share`` is how much of the symbol one side has
    changed already, None where nobody knows.
    """

    chance: float
    table: float
    project: Tally = Tally()
    path: Tally = Tally()
    place: Tally = Tally()
    share: float | None = None


def grounds(
    table: float,
    key: Key,
    record: MergeRecord | None,
    share: float | None = None,
) -> Grounds:
    """The chance of a conflict at a key, of which the table says ``table``."""
    project = path = place = Tally()
    if record is not None:
        project = record.merges
        path = record.at(key[:1])
        place = record.at(key) if len(key) > 1 else Tally()
    parts = features(table, project, path, place, share)
    return Grounds(chance(parts, WEIGHTS), table, project, path, place, share)


def features(
    table: float,
    project: Tally,
    path: Tally,
    place: Tally,
    share: float | None,
) -> dict[str, float]:
    """The numbers of the regression by name; of what is not known 0."""
    numbers = {
        "table": logit(table),
        "project": log(project.excess(PROJECT_DOUBT)),
        "path": log(path.excess(PATH_DOUBT)),
        "place": log(place.excess(PLACE_DOUBT)),
    }
    if project.met:
        numbers["recorded"] = 1.0
    if share is not None:
        numbers["shared"] = 1.0
        numbers["share"] = logit(share)
    return numbers


def chance(numbers: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The probability that a regression with these weights gives."""
    total = weights["constant"]
    for name, number in numbers.items():
        total += weights[name] * number
    return 1 / (1 + exp(-total))


def logit(probability: float) -> float:
    """How often to one, as a logarithm."""
    bounded = min(max(probability, _LEAST), 1 - _LEAST)
    return log(bounded / (1 - bounded))
