"""What is counted of the past merges of a project: how often both sides met in a place, and how often git conflicted.

Places are keys: a path, or a path with the names of a symbol. Counted beside it is how many
conflicts the table of all projects foretold, so that a place where only long functions meet is not
taken for a peaceful one by itself. Sums alone, so the order of feeding does not matter, but that
of renames does: who feeds merges from the newest on gives the names that places have today.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import log

from git_muse_coord.model.address import Address, Key
from git_muse_coord.model.light import NamedTuple
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.rules.calibration import TABLE, Frequency
from git_muse_coord.rules.evidence import (
    ADDITIONS,
    CONTAINMENT,
    Evidence,
    Meeting,
    Touch,
    measured,
    meetings,
)

_LEAST = 0.002
"""No chance is taken for less, nor for more than what is left: nothing is certain before it is so."""


def logit(probability: float) -> float:
    """How often to one, as a logarithm."""
    most = 1 - _LEAST
    bounded = min(max(probability, _LEAST), most)
    odds = bounded / (1 - bounded)
    return log(odds)


class Tally(NamedTuple):
    """How many merges met somewhere, how many conflicts the table foretold of them, and how many there were."""

    met: int = 0
    foretold: float = 0.0
    conflicted: int = 0

    def plus(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            self.met + other.met,
            self.foretold + other.foretold,
            self.conflicted + other.conflicted,
        )

    def shift(self, doubt: float) -> float:
        """How much likelier conflicts were than foretold, in log odds, had ``doubt`` more gone as foretold."""
        # Where nobody met, nothing speaks for more or for less.
        if not self.met:
            return 0.0
        expected = self.foretold / self.met
        conflicted = self.conflicted + doubt * expected
        seen = conflicted / (self.met + doubt)
        return logit(seen) - logit(expected)


class FileMerge(NamedTuple):
    """A file that both sides of a past merge touched, under the name in which it is to be counted.

    ``hit`` are the keys of the symbols in the lines that conflict; None: the file conflicts as a
    whole. ``alike`` are those that both sides changed to the very same, as where a commit was
    picked: two runs do not write the same by chance, so they are left out.
    """

    path: str
    ours: tuple[Touch, ...]
    theirs: tuple[Touch, ...]
    conflicts: bool
    hit: frozenset[Key] | None
    alike: frozenset[Key] = frozenset()


class PastPlace(NamedTuple):
    """A place in which both sides of a merge met: what the table says of such a meeting, and what came of it."""

    key: Key
    foretold: float
    conflicted: bool


class PastMerge(NamedTuple):
    """A merge as it is counted. Without places it is one whose sides shared no file."""

    foretold: float
    conflicted: bool
    places: tuple[PastPlace, ...]


_Tallies = dict[Key, Tally]


class MergeRecord:
    """The sums over the past merges of one project."""

    def __init__(self) -> None:
        self.fed = 0
        """How many merges, those that share no file included."""
        self.merges = Tally()
        """Of the merges that share a file."""
        self._places: dict[str, _Tallies] = defaultdict(dict)
        """By their files, so that to look at one, or to rename in it, costs what lies in it."""

    def add(self, past: PastMerge) -> None:
        """Count one more merge."""
        self.fed += 1
        # Sides that share no file cannot conflict, whatever the project is like.
        if not past.places:
            return
        merge = _tally_of(past)
        self.merges = self.merges.plus(merge)
        for place in past.places:
            tally = _tally_of(place)
            self.put(place.key, tally)

    def put(self, key: Key, tally: Tally) -> None:
        """Add to the sums of a place."""
        path = key[0]
        inside = self._places[path]
        so_far = inside.get(key)
        if so_far is not None:
            tally = so_far.plus(tally)
        inside[key] = tally

    def at(self, key: Key) -> Tally:
        """The sums of a place; of a path those of the whole file."""
        path = key[0]
        inside = self._places.get(path)
        # Asked of places by the thousand: what is not there must not be kept as empty.
        if inside is None:
            return Tally()
        return inside.get(key, Tally())

    def places(self) -> Iterator[tuple[Key, Tally]]:
        """All that was ever met in, to be kept."""
        for inside in self._places.values():
            yield from inside.items()

    def rename(self, old: Key, new: Key) -> None:
        """Let a place, and all inside of it, be counted under another name from now on."""
        path = old[0]
        depth = len(old)
        before = self._places.get(path, {})
        moving = [key for key in before if key[:depth] == old]
        # What is at the new name already met there under that name, and stays counted.
        for key in moving:
            rest = key[depth:]
            tally = before.pop(key)
            new_key = (*new, *rest)
            self.put(new_key, tally)


def _tally_of(past: PastMerge | PastPlace) -> Tally:
    """What a merge, or a place in it, adds to the sums."""
    conflicted = int(past.conflicted)
    return Tally(1, past.foretold, conflicted)


class MetPlace(NamedTuple):
    """A place in which both sides met, the kinds of evidence that this is, and whether git conflicts there."""

    key: Key
    kinds: tuple[str, ...]
    conflicted: bool


class MetFile(NamedTuple):
    """A file that both sides touched: its key, whether git conflicts in it, and where in it they met."""

    key: Key
    conflicted: bool
    places: tuple[MetPlace, ...]


def counted(files: Iterable[FileMerge], *, conflicted: bool) -> PastMerge:
    """What is counted of a merge in whose files both sides met; ``conflicted`` says whether git did at all."""
    return past_merge(map(met_in, files), conflicted, TABLE)


def met_in(file: FileMerge) -> MetFile:
    """Where both sides of a merge met in a file, whatever a table says of it."""
    ours = _without(file.alike, file.ours)
    theirs = _without(file.alike, file.theirs)
    touched = [*ours, *theirs]
    places: list[MetPlace] = []
    for pair in meetings(ours, theirs):
        key = counted_at(pair)
        conflicted = came_true(pair, file, touched)
        place = MetPlace(key, pair.keys, conflicted)
        places.append(place)
    # Everywhere else a path stands under whatever spelling.
    path = Address(file.path).folded.path
    return MetFile((path,), file.conflicts, tuple(places))


def _without(alike: frozenset[Key], touches: Iterable[Touch]) -> list[Touch]:
    """The touches of one side that the other side did not make as well."""
    return [touch for touch in touches if touch.address.key not in alike]


def past_merge(
    files: Iterable[MetFile],
    conflicted: bool,
    table: Mapping[str, Frequency],
) -> PastMerge:
    """A merge as it is counted by a table."""
    places: list[PastPlace] = []
    foretold = 0.0
    for file in files:
        inside: dict[Key, PastPlace] = {}
        strongest = 0.0
        for place in file.places:
            key = place.key
            said = measured(place.kinds, table).probability
            strongest = max(strongest, said)
            conflicted_there = place.conflicted
            # two who add to one class meet there as often as they add something, and it counts once
            so_far = inside.get(key)
            if so_far is not None:
                said = max(said, so_far.foretold)
                conflicted_there |= so_far.conflicted
            inside[key] = PastPlace(key, said, conflicted_there)
        # the file itself is counted by whether git conflicts anywhere in it
        whole = PastPlace(file.key, strongest, file.conflicted)
        inside[file.key] = whole
        places += inside.values()
        foretold = max(foretold, strongest)
    return PastMerge(foretold, conflicted, tuple(places))


def counted_at(pair: Meeting) -> Key:
    """Under which key a meeting is counted: the narrower place, or what both add to; of what is apart the file."""
    ours = pair.ours
    if pair.evidence is Evidence.APART:
        return (ours.path,)
    if pair.evidence in ADDITIONS:
        return ours.container
    return max(ours.key, pair.theirs.key, key=len)


def came_true(
    pair: Meeting,
    file: FileMerge,
    touched: Iterable[Touch],
) -> bool:
    """Whether git conflicts in the place that two touches have in common; ``touched`` is all that is touched there."""
    if pair.evidence is Evidence.APART:
        return file.conflicts
    if pair.evidence in ADDITIONS:
        container = pair.ours.container
        added: list[Touch] = []
        for touch in touched:
            if touch.verb == "add" and touch.container == container:
                added.append(touch)
        return is_hit(file, added)
    if pair.evidence in CONTAINMENT:
        narrower = max(pair.ours, pair.theirs, key=_depth)
        return is_hit(file, [narrower])
    if pair.evidence is Evidence.NEXT:
        return is_hit(file, [pair.ours, pair.theirs])
    return is_hit(file, [pair.ours])


def is_hit(file: FileMerge, touched: Iterable[Touch]) -> bool:
    """Whether one of these is among what conflicts."""
    for touch in touched:
        # What conflicts as a whole conflicts wherever it was touched.
        if not touch.address.segments or file.hit is None:
            if file.conflicts:
                return True
        elif touch.address.key in file.hit:
            return True
    return False


def _depth(touch: Touch) -> int:
    return len(touch.address.segments)
