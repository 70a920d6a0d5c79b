"""What a chance rests on, in plain words: what all projects say, what this one says, and what is known of the place."""

from __future__ import annotations

from git_muse_coord.model.light import NamedTuple
from git_muse_coord.rules.merge_chance import Grounds, weighed
from git_muse_coord.rules.merge_record import Tally
from git_muse_coord.rules.merge_weights import WEIGHTS
from git_muse_coord.rules.prediction import (
    HABIT,
    MEASURED,
    PRESENT,
    UNFINISHED,
    WAITING,
    Prediction,
)

_OF_CALLS = "as often as all projects together broke over such calls; the merges of this one say nothing of them"
_HABIT = "how often merges of this project conflicted there, whatever they were about"
_OF_ALL = "what all projects together say; the merges of this one say nothing of it"
_PRESENT = "no chance: it is so already"
_UNFINISHED = "so it is as the work stands; how often what conflicted half-way still did at the end"
_WAITING = "no chance: an order that is to be kept"

_SENTENCES = {
    PRESENT: _PRESENT,
    UNFINISHED: _UNFINISHED,
    WAITING: _WAITING,
    HABIT: _HABIT,
}


class Explanation(NamedTuple):
    """A sentence, and, of a chance that several things speak for, the chance by the record of the project alone."""

    sentence: str
    by_project: float | None = None


def explanation(prediction: Prediction) -> Explanation:
    """Why a prediction has the confidence that it has."""
    known = prediction.grounds
    if known is not None:
        return _of_grounds(known)
    if prediction.basis != MEASURED:
        return Explanation(_SENTENCES[prediction.basis])
    return Explanation(_OF_CALLS if prediction.is_distant else _OF_ALL)


def _of_grounds(known: Grounds) -> Explanation:
    by_table = f"the table {known.table:.2f}"
    if not known.project.met:
        return Explanation(by_table)
    # What would be said of a place of which nothing is on record.
    without_place = known._replace(path=Tally(), place=Tally())
    elsewhere = weighed(without_place, WEIGHTS).chance
    parts = [by_table, f"this project's merges {elsewhere:.2f}"]
    if known.path.met:
        parts.append(f"this file conflicted in {_times(known.path)} that met in it")
    if known.place.met:
        parts.append(f"this symbol in {_times(known.place)}")
    sentence = "; ".join(parts)
    return Explanation(sentence, round(elsewhere, 3))


def _times(tally: Tally) -> str:
    return f"{tally.conflicted:,} of {tally.met:,}"
