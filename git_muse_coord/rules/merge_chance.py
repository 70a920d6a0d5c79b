"""How probable a conflict is in one place, from the few numbers that carry over from project to project.

A logistic regression of what the table of all projects says, of how the merges of this project
went so far, of what is on record of the place, and, where the commits of one side are there
already, of the share of the place that they changed. Either of the last two may be missing: for
each case there are weights of its own in ``merge_weights``, written by ``scripts/eval_merges --fit``.
"""

from __future__ import annotations

from math import exp

from git_muse_coord.model.address import Key
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.rules.merge_record import Tally, logit
from git_muse_coord.rules.merge_weights import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from git_muse_coord.rules.merge_record import MergeRecord

PROJECT_DOUBT = 10.0
PATH_DOUBT = 2.0
PLACE_DOUBT = 2.0
"""So many merges that went as foretold are added to those of a project, a path, a symbol in it."""


class Grounds(NamedTuple):
    """A chance and what it rests on.

    ``table`` is what all projects together say; ``project``, ``path`` and ``place`` are the record
    of this project, empty where there is none: its merges that share a file, those in which both
    sides touched this file, and this symbol. ``committed`` says that the commits of one side are
    there, ``share`` how much of the symbol they changed; None of what is new, or where none are.
    """

    chance: float
    table: float
    project: Tally = Tally()
    path: Tally = Tally()
    place: Tally = Tally()
    committed: bool = False
    share: float | None = None


def grounds(
    table: float,
    key: Key,
    record: MergeRecord | None,
    *,
    committed: bool = False,
    share: float | None = None,
) -> Grounds:
    """The chance of a conflict at a key, of which the table says ``table``."""
    known = Grounds(
        0.0,
        table,
        committed=committed,
        share=share,
    )
    if record is not None:
        known = recorded(known, key, record)
    return weighed(known, WEIGHTS)


def recorded(
    known: Grounds,
    key: Key,
    record: MergeRecord,
) -> Grounds:
    """The same grounds with what is on record of a place."""
    # of a file as a whole the record is that of its path, which would else count twice
    place = Tally()
    if len(key) > 1:
        place = record.at(key)
    path = record.at(key[:1])
    return known._replace(
        project=record.merges,
        path=path,
        place=place,
    )


def weighed(known: Grounds, weights: Mapping[str, Mapping[str, float]]) -> Grounds:
    """The same grounds with the chance that some weights give to them."""
    numbers = features(known)
    # Only numbers of which something is known have a weight there.
    total = 0.0
    weight_of = weights[situation(known)]
    for name, weight in weight_of.items():
        total += weight * numbers[name]
    chance = 1 / (1 + exp(-total))
    return known._replace(chance=chance)


def situation(known: Grounds) -> str:
    """Which of the weights count: by what is known besides the table."""
    # before its first merge nothing can be said of a project, and the table must do
    base = "record" if known.project.met else "table"
    if known.committed:
        return f"{base} and commits"
    return base


def features(known: Grounds) -> dict[str, float]:
    """The numbers of the regression by name."""
    share = 0.0
    if known.share is not None:
        share = logit(known.share)
    return {
        "constant": 1.0,
        "table": logit(known.table),
        "project": known.project.shift(PROJECT_DOUBT),
        "path": known.path.shift(PATH_DOUBT),
        "place": known.place.shift(PLACE_DOUBT),
        "known": float(known.share is not None),
        "share": share,
    }
