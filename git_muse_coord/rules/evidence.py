"""What speaks for a conflict between two sides that touch things: kinds of evidence, and how often each was right.

The numbers are measured on real merges and stand in ``calibration``. Who touches what is for the
callers to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from git_muse_coord.model.address import IMPORTS, MODULE, Address, Key
from git_muse_coord.rules.calibration import TABLE, Frequency
from git_muse_coord.rules.places import Places

_WORDS = {
    "move": "rename",
    "extract": "modify",
    "inline": "modify",
    "split": "modify",
    "merge": "modify",
}
ANY = "any"
"""Under what everything is counted that has no count of its own."""
_NEAR = 3
"""The most lines of things of which a change in one is close to a change in its neighbour."""
_SIZES = ((3, "tiny"), (10, "small"), (30, "medium"), (100, "large"))


class Evidence(StrEnum):
    """How what two sides touch is related."""

    SYMBOL = "symbol"
    """The same symbol of code."""
    IMPORTS = "imports"
    MODULE = "module"
    """The top-level code outside of any symbol of the same file."""
    HEADING = "heading"
    KEY = "key"
    WHOLE = "whole"
    """The same file, which can only be named as a whole."""
    FILE = "file"
    """The same file, named as a whole by both, whatever is in it."""
    DIRECTORY = "directory"
    """The same directory."""
    AROUND = "around"
    """One lies within the other, both inside a file: a class and its method."""
    IN_FILE = "in file"
    """One lies within a file that the other names as a whole."""
    IN_DIRECTORY = "in directory"
    GAP = "gap"
    """Both add something new between the same neighbours."""
    NEXT = "next"
    """Neighbours of a few lines each, with nothing between them: git may see one change where there are two."""
    BESIDE = "beside"
    """Both add something new to the same container, between other neighbours or nobody knows which."""
    APART = "apart"
    """The same file, and nothing in common there."""


CONTAINMENT = (Evidence.AROUND, Evidence.IN_FILE, Evidence.IN_DIRECTORY)
"""One of the two lies within the other."""


class Touch(NamedTuple):
    """What one side does to one address, as far as it is known.

    ``operation`` is one of modify, add, delete, rename, or another that a reservation can name, or
    None. ``lines`` is the size of the symbol, 0 where unknown; ``gap`` the names right before and
    behind it, of something new those of what was there already.
    """

    address: Address
    kind: str = ""
    operation: str | None = None
    lines: int = 0
    gap: tuple[str, str] | None = None

    @property
    def key(self) -> Key:
        """Where it stands, under whatever spelling of its path."""
        return self.address.folded.key

    @property
    def path(self) -> str:
        """The file that it stands in, under whatever spelling."""
        return self.key[0]

    @property
    def verb(self) -> str:
        """The operation as the measurements know it."""
        return _WORDS.get(self.operation or "modify", self.operation or "modify")


class Meeting(NamedTuple):
    """Two touches that have to do with each other."""

    ours: Touch
    theirs: Touch
    evidence: Evidence

    @property
    def keys(self) -> tuple[str, ...]:
        """Under what its like are counted, from the coarsest to the finest."""
        verbs = (self.ours.verb, self.theirs.verb)
        if self.evidence in CONTAINMENT:  # what happens to the container comes first
            verbs = verbs if self.ours.address.is_around(self.theirs.address) else verbs[::-1]
        else:
            verbs = (min(verbs), max(verbs))
        pair = f"{self.evidence}/{verbs[0]}-{verbs[1]}"
        size = _size(max(self.ours.lines, self.theirs.lines))
        return (str(self.evidence), pair, f"{pair}/{size}") if size else (str(self.evidence), pair)

    @property
    def measured(self) -> Frequency:
        """How often its like came to a conflict in that place, in the history of real projects."""
        return next(TABLE[key] for key in (*reversed(self.keys), ANY) if key in TABLE)

    @property
    def place(self) -> tuple[object, ...]:
        """Where they meet: all additions to one container meet in one place."""
        if self.evidence in (Evidence.GAP, Evidence.BESIDE):
            return Evidence.GAP, self.ours.key[:-1]
        if self.evidence is Evidence.APART:
            return self.evidence, self.ours.path
        return self.ours.key, self.theirs.key


def meeting(ours: Touch, theirs: Touch) -> Meeting | None:
    """How two touches are related; None where they have nothing to do with each other."""
    found = _relation(ours, theirs)
    return Meeting(ours, theirs, found) if found else None


def unrelated() -> float:
    """How probable a conflict is in a file of which nothing is known but that two sides touch it."""
    return TABLE[ANY].probability


def breakage(steps: int, operation: str | None) -> float:
    """How probable it is that a change of a symbol breaks what uses it, directly or over so many steps.

    What is deleted, renamed or moved breaks what uses it directly. Otherwise what was measured
    counts: how often a change was one of the signature, a deletion, a renaming or a move.
    """
    if steps == 1 and operation in ("delete", "rename", "move"):
        return 1.0
    return TABLE.get(f"blast/{steps}", TABLE[ANY]).probability


def confidence(found: Iterable[Meeting]) -> float:
    """How probable it is that two sides conflict: as much as their strongest evidence says.

    Evidence that comes together is not independent: to count all of it says too much, as measured.
    """
    return max((one.measured.probability for one in found), default=0.0)


def meetings(ours: Iterable[Touch], theirs: Iterable[Touch]) -> list[Meeting]:
    """The pairs of touches that are related, without looking at all pairs.

    One for each address that both touch, for each that lies in another, and for each container to
    which both add; and for a file in which they have nothing of that in common, one that says so.
    """
    index = _Index(theirs)
    found: dict[tuple[object, ...], Meeting] = {}
    for one in ours:
        for other in index.near(one):
            each = meeting(one, other)
            if each is not None and (each.place not in found or each.evidence is Evidence.GAP):
                found[each.place] = each
    related = [each for each in found.values() if each.evidence is not Evidence.APART]
    met = {side.path for each in related for side in (each.ours, each.theirs)}
    return related + [
        each
        for each in found.values()
        if each.evidence is Evidence.APART and each.ours.path not in met
    ]


class _Index:
    """Touches by where they stand, by their files, and new ones by what they are added to."""

    def __init__(self, touches: Iterable[Touch]) -> None:
        touches = list(dict.fromkeys(touches))
        self._places = Places((one.address, one) for one in touches)
        self._file: dict[str, Touch] = {}
        self._new: dict[tuple[Key, tuple[str, str] | None], list[Touch]] = defaultdict(list)
        self._next: dict[Key, list[Touch]] = defaultdict(list)
        for one in touches:
            self._file.setdefault(one.path, one)
            for name in one.gap or ():
                self._next[(*one.key[:-1], name)].append(one)
            if one.verb == "add":
                for gap in {None, one.gap}:
                    self._new[one.key[:-1], gap].append(one)

    def near(self, one: Touch) -> Iterator[Touch]:
        """Those that may be related to a touch; of many that are so in the same way, some."""
        yield from self._places.overlapping(one.address)
        if one.verb == "add":
            for gap in {None, one.gap}:
                yield from self._new.get((one.key[:-1], gap), ())[:2]
        yield from self._next.get(one.key, ())
        for name in one.gap or ():
            yield from self._places.exactly((*one.key[:-1], name))
        if one.path in self._file:
            yield self._file[one.path]


def _relation(one: Touch, other: Touch) -> Evidence | None:
    if one.key == other.key:
        return _same(one)
    if one.address.overlaps(other.address):
        wider = one.address if one.address.is_around(other.address) else other.address
        if wider.is_directory:
            return Evidence.IN_DIRECTORY
        return Evidence.AROUND if wider.segments else Evidence.IN_FILE
    if one.path != other.path:
        return None
    if one.key[:-1] == other.key[:-1]:
        if one.verb == other.verb == "add":
            return Evidence.GAP if one.gap is not None and one.gap == other.gap else Evidence.BESIDE
        if _is_next(one, other) or _is_next(other, one):
            return Evidence.NEXT
    return Evidence.APART


def _is_next(one: Touch, other: Touch) -> bool:
    """Whether small things stand side by side, before anything new comes between them."""
    return one.key[-1] in (other.gap or ()) and 0 < max(one.lines, other.lines) <= _NEAR


def _same(one: Touch) -> Evidence:
    names = one.key[1:]
    if not names:
        if one.address.is_directory:
            return Evidence.DIRECTORY
        return Evidence.WHOLE if one.kind == "file" else Evidence.FILE
    if names == (IMPORTS,):
        return Evidence.IMPORTS
    if names == (MODULE,):
        return Evidence.MODULE
    return {"heading": Evidence.HEADING, "key": Evidence.KEY}.get(one.kind, Evidence.SYMBOL)


def _size(lines: int) -> str:
    return next((name for limit, name in _SIZES if lines <= limit), "huge") if lines else ""
