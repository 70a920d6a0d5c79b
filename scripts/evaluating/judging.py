"""What the model says of merges, each judged by what was on record before it; and fitting it to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from evaluating.cases import Case
from evaluating.fitting import fitted
from evaluating.observed import Observed
from evaluating.scores import Said
from git_muse_coord.model.address import Address, Key
from git_muse_coord.rules.calibration import Frequency
from git_muse_coord.rules.evidence import measured
from git_muse_coord.rules.merge_chance import Grounds, features, recorded, weighed
from git_muse_coord.rules.merge_record import MergeRecord, MetFile, past_merge

Table = Mapping[str, Frequency]
Weights = Mapping[str, Mapping[str, float]]
NAMES = {
    "record": ("constant", "table", "project", "path", "place"),
    "table and commits": ("constant", "table", "known", "share"),
    "record and commits": ("constant", "table", "project", "path", "place", "known", "share"),
}
"""The numbers that count, by what is known."""
NOTHING = Grounds(0.0, 0.0)
"""What is known of a merge whose sides meet nowhere."""


class Judged(NamedTuple):
    """A merge, and what was known of each place in it beforehand.

    ``unfinished`` is how probable it is that what conflicts at half still does so at the end.
    """

    case: Case
    known: list[Grounds]
    unfinished: float


def judged(
    merges: Sequence[Observed],
    cases: Sequence[Case],
    counted: Sequence[list[MetFile]],
    table: Table,
) -> list[Judged]:
    """All merges of a project in the order in which they were made, each by the record of those before it."""
    record = MergeRecord()
    unfinished = measured(["unfinished"], table).probability
    found: list[Judged] = []
    for one, case, files in zip(merges, cases, counted, strict=True):
        known = [
            _known(place.kinds, place.key, place.share, record, table) for place in case.places
        ]
        found.append(Judged(case, known, unfinished))
        record.add(past_merge(files, case.conflicted, table))
        for old, new in _moves(one):
            if old != new:
                record.rename(old, new)
    return found


def _known(
    kinds: Sequence[str],
    key: Key,
    share: float | None,
    record: MergeRecord,
    table: Table,
) -> Grounds:
    said = measured(kinds, table).probability
    return recorded(Grounds(0.0, said, committed=True, share=share), key, record)


def _moves(one: Observed) -> Iterable[tuple[Key, Key]]:
    """The files, and the symbols in files that both sides changed, that have another name after a merge."""
    for old, new in one.moves:
        yield (Address(old).folded.path,), (Address(new).folded.path,)
    for file in one.whole.files:
        path = Address(file.path).folded.path
        for before, after in file.moves:
            yield (path, *before[1:]), (path, *after[1:])


def without_record(merges: Iterable[Judged]) -> list[Judged]:
    """The same where nothing is on record."""
    return [one._replace(known=[_unrecorded(each) for each in one.known]) for one in merges]


def without_commits(merges: Iterable[Judged]) -> list[Judged]:
    """The same where no commits are there yet."""
    return [one._replace(known=[_uncommitted(each) for each in one.known]) for one in merges]


def _unrecorded(known: Grounds) -> Grounds:
    return known._replace(project=NOTHING.project, path=NOTHING.path, place=NOTHING.place)


def _uncommitted(known: Grounds) -> Grounds:
    return known._replace(committed=False, share=None)


def told(merges: Iterable[Judged], weights: Weights) -> list[Said]:
    """What is said of each merge: the most that is said of a place in it."""
    said: list[Said] = []
    for one in merges:
        chances = [weighed(known, weights).chance for known in one.known]
        if one.case.conflicts_now:
            chances.append(one.unfinished)
        said.append(Said(max(chances, default=0.0), one.case.conflicted))
    return said


def told_of_places(merges: Iterable[Judged], weights: Weights) -> list[Said]:
    """What is said of each place that is not the very same on both sides; each merge counts once."""
    said: list[Said] = []
    for one in merges:
        pairs = list(zip(one.case.places, one.known, strict=True))
        counting = [(place, known) for place, known in pairs if not place.alike]
        for place, known in counting:
            chance = weighed(known, weights).chance
            said.append(Said(chance, place.conflicted, 1 / len(counting)))
    return said


def fit(merges: Sequence[Judged]) -> dict[str, dict[str, float]]:
    """The weights of each situation, from merges that share a file."""
    meeting = [one for one in merges if one.case.shares_a_file and one.known]
    by_record = [one for one in meeting if one.known[0].project.met]
    ways = {
        "record": without_commits(by_record),
        "table and commits": without_record(meeting),
        "record and commits": by_record,
    }
    weights = {name: _fitted(NAMES[name], chosen) for name, chosen in ways.items()}
    # the table alone is measured already, and is told as it stands
    return {"table": {"constant": 0.0, "table": 1.0}, **weights}


def _fitted(names: Sequence[str], merges: Sequence[Judged]) -> dict[str, float]:
    places = [[_row(names, known) for known in one.known] for one in merges]
    outcomes = [one.case.conflicted for one in merges]
    first = [float(name == "table") for name in names]
    return dict(zip(names, fitted(places, outcomes, first), strict=True))


def _row(names: Sequence[str], known: Grounds) -> list[float]:
    numbers = features(known)
    return [numbers[name] for name in names]
