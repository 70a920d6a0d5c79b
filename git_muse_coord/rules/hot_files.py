"""Files that everybody touches and nobody announces, such as a changelog: whoever is at work may meet there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from git_muse_coord.model.address import Address
from git_muse_coord.model.light import NamedTuple
from git_muse_coord.rules.merge_record import Tally
from git_muse_coord.rules.prediction import (
    HABIT,
    HOT_FILE,
    Prediction,
    all_of,
    predicted,
)
from git_muse_coord.rules.stakes import Ground, Stake

SEEN_LEAST = 3
"""In fewer merges than this it may have been chance."""
_CHANCE_LEAST = 0.03
"""What is less likely between two runs is not worth a line."""
_TOLD_MOST = 3
_DOUBT = 5
"""So many merges without a conflict are added to those of a project, which may have few."""
_CHANGELOGS = ("change", "history", "news", "release")
_LOCKS = (".lock", "-lock.json", "-lock.yaml", "-shrinkwrap.json", "go.sum")
_SNAPSHOTS = (".snap", ".ambr", ".golden", ".approved.txt")
_LISTS = (".jsonl", ".ndjson", ".txt", ".csv")


class HotFile(NamedTuple):
    """A file in which merges of this project conflicted, and in how many of all its merges."""

    path: str
    tally: Tally
    merges: int

    @property
    def chance(self) -> float:
        """How probable it is that two sides conflict there, whatever they are about."""
        merges = self.merges + _DOUBT
        return self.tally.conflicted / merges

    @property
    def is_usual(self) -> bool:
        """Whether both sides of most merges touched it."""
        return 2 * self.tally.met >= self.merges


def hot_spots(ground: Ground, files: Iterable[HotFile]) -> Iterator[Prediction]:
    """Pass hot_file: the files that all who are at work may touch, unless each of them announced it."""
    one_of_each: dict[str, Stake] = {}
    for stakes in ground.at.values():
        for stake in stakes:
            one_of_each.setdefault(stake.party, stake)
    everybody = list(one_of_each.values())
    worst_first = sorted(files, key=_worst_first)
    for file in worst_first[:_TOLD_MOST]:
        if file.chance < _CHANCE_LEAST:
            return
        announced = _announcing(file, ground)
        # Where all have said so, the overlap of what they announced is told already.
        if one_of_each.keys() <= announced:
            continue
        description = _description(file, everybody)
        yield predicted(
            HOT_FILE,
            [file.path],
            everybody,
            file.chance,
            description,
            HABIT,
        )


def _worst_first(file: HotFile) -> tuple[float, str]:
    return -file.chance, file.path


def _announcing(file: HotFile, ground: Ground) -> set[str]:
    """Who has announced a file, something in it, or what it lies in."""
    place = Address(file.path)
    parties: set[str] = set()
    for announced, stakes in ground.at.items():
        if not announced.overlaps(place):
            continue
        for stake in stakes:
            parties.add(stake.party)
    return parties


def _description(file: HotFile, everybody: Iterable[Stake]) -> str:
    how = "will probably" if file.is_usual else "may"
    conflicted = f"{file.tally.conflicted:,} of {file.merges:,} merges of this project"
    helps = _what_helps(file.path)
    advice = f"; {helps}" if helps else ""
    return f"{all_of(everybody)} {how} all touch {file.path}: {conflicted} conflicted there{advice}"


def _what_helps(path: str) -> str:
    """What keeps such a file from conflicting; empty where nothing does in general."""
    _, _, file_name = path.rpartition("/")
    name = file_name.lower()
    if name.endswith(_LOCKS):
        return "whoever merges second takes either and has the tool write it anew"
    if name.endswith(_SNAPSHOTS):
        return "whoever merges second takes either and has the tests write it anew"
    union = f"'{path} merge=union' in .gitattributes lets git keep the lines of both"
    if name.startswith(_CHANGELOGS):
        return f"{union}, or write each change into a file of its own until the release"
    if name.endswith(_LISTS):
        return f"where order does not matter, {union}"
    return ""
