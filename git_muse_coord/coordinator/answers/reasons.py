"""What a predicted conflict rests on, as ``forecast --explain`` tells it."""

from __future__ import annotations

from git_muse_coord.model.declared import Declared
from git_muse_coord.rules.explanation import explanation
from git_muse_coord.rules.merge_record import Tally
from git_muse_coord.rules.prediction import Prediction


class MetBefore(Declared):
    """In how many past merges of this repository both sides met, and in how many of them git conflicted there."""

    merges: int
    conflicted: int


class Reasons(Declared):
    """What a number came from.

    ``table`` is what all projects together say of the like, ``project`` the same as the past merges
    of this one correct it; ``merges`` are those whose sides shared a file, ``file`` and ``symbol``
    those that met in this very place. Null is what nothing is known of.
    """

    sentence: str
    table: float | None = None
    project: float | None = None
    merges: MetBefore | None = None
    file: MetBefore | None = None
    symbol: MetBefore | None = None


def reasons(prediction: Prediction) -> Reasons:
    """The reasons for the confidence of a prediction."""
    grounds = prediction.grounds
    sentence, by_project = explanation(prediction)
    # Only a chance has numbers behind it.
    if grounds is None:
        return Reasons(sentence=sentence)
    return Reasons(
        sentence=sentence,
        table=round(grounds.table, 3),
        project=by_project,
        merges=met_before(grounds.project),
        file=met_before(grounds.path),
        symbol=met_before(grounds.place),
    )


def met_before(tally: Tally) -> MetBefore | None:
    """What is told of a place; None where no merge met in it."""
    if not tally.met:
        return None
    return MetBefore(merges=tally.met, conflicted=tally.conflicted)
