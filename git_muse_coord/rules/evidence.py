"""What speaks for a conflict between two sides that touch things: kinds of evidence, and how often each was right.

The numbers are measured on real merges and stand in ``calibration``. Who touches what is for the
callers to say.
"""

from __future__ import annotations

from collections.abc import (
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from enum import StrEnum

from git_muse_coord.model.address import (
    IMPORTS,
    MODULE,
    Address,
    Key,
)
from git_muse_coord.model.light import NamedTuple
from git_muse_coord.model.light_tools import defaultdict
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
_SIZES = (
    (3, "tiny"),
    (10, "small"),
    (30, "medium"),
    (100, "large"),
)
"""How long a symbol of each size is at most, in lines; what is longer is huge."""
_SOME = 2
"""Of many additions to one container at most this many are compared: all of them meet in one place."""


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
    """Both add something new to the same container, between other neighbours."""
    SOMEWHERE = "somewhere"
    """Both add something new to the same container, and nobody knows yet where in it."""
    APART = "apart"
    """The same file, and nothing in common there."""


CONTAINMENT = (Evidence.AROUND, Evidence.IN_FILE, Evidence.IN_DIRECTORY)
"""One of the two lies within the other."""
ADDITIONS = (Evidence.GAP, Evidence.BESIDE, Evidence.SOMEWHERE)
"""Both add something new to the same container."""


Gap = tuple[str, str] | None
"""The names right before and behind something, where they are known."""


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
    gap: Gap = None

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
        return verb_of(self.operation)

    @property
    def container(self) -> Key:
        """Where what it stands in stands."""
        return self.key[:-1]


class Meeting(NamedTuple):
    """Two touches that have to do with each other."""

    ours: Touch
    theirs: Touch
    evidence: Evidence

    @property
    def keys(self) -> tuple[str, ...]:
        """Under what its like are counted, from the coarsest to the finest."""
        evidence = str(self.evidence)
        first, second = self._verbs
        pair = f"{evidence}/{first}-{second}"
        longer = max(self.ours.lines, self.theirs.lines)
        size = _size(longer)
        if not size:
            return evidence, pair
        return evidence, pair, f"{pair}/{size}"

    @property
    def _verbs(self) -> tuple[str, str]:
        """What is done on both sides, in the order in which it is counted."""
        ours = self.ours.verb
        theirs = self.theirs.verb
        if self.evidence not in CONTAINMENT:
            first, second = sorted((ours, theirs))
            return first, second
        # Here the order tells something: what happens to the container comes first.
        if self.ours.address.is_around(self.theirs.address):
            return ours, theirs
        return theirs, ours

    @property
    def measured(self) -> Frequency:
        """How often its like came to a conflict in that place, in the history of real projects."""
        return measured(self.keys, TABLE)

    @property
    def place(self) -> tuple[object, ...]:
        """Where they meet: all additions to one container meet in one place."""
        if self.evidence in ADDITIONS:
            return Evidence.GAP, self.ours.container
        if self.evidence is Evidence.APART:
            return self.evidence, self.ours.path
        return self.ours.key, self.theirs.key


def meeting(ours: Touch, theirs: Touch) -> Meeting | None:
    """How two touches are related; None where they have nothing to do with each other."""
    evidence = _relation(ours, theirs)
    if evidence is None:
        return None
    return Meeting(ours, theirs, evidence)


def verb_of(operation: str | None) -> str:
    """An operation as the measurements know it."""
    meant = operation or "modify"
    return _WORDS.get(meant, meant)


def measured(kinds: Sequence[str], table: Mapping[str, Frequency]) -> Frequency:
    """What a table says of the finest of some kinds that it knows; they come from the coarsest to the finest."""
    # Finer kinds that were met too seldom have no row in the table.
    for kind in reversed(kinds):
        if kind in table:
            return table[kind]
    return table[ANY]


def unrelated() -> float:
    """How probable a conflict is in a file of which nothing is known but that two sides touch it."""
    return TABLE[ANY].probability


def meetings(ours: Iterable[Touch], theirs: Iterable[Touch]) -> list[Meeting]:
    """The pairs of touches that are related, without looking at all pairs.

    One for each address that both touch, for each that lies in another, and for each container to
    which both add; and for a file in which they have nothing of that in common, one that says so.
    """
    index = _Index(theirs)
    at_place: dict[tuple[object, ...], Meeting] = {}
    for our_touch in ours:
        for their_touch in index.near(our_touch):
            pair = meeting(our_touch, their_touch)
            if pair is None:
                continue
            place = pair.place
            # Of additions to one container those in the same gap are the stronger evidence.
            if place not in at_place or pair.evidence is Evidence.GAP:
                at_place[place] = pair
    related: list[Meeting] = []
    apart: list[Meeting] = []
    met_in: set[str] = set()
    for pair in at_place.values():
        if pair.evidence is Evidence.APART:
            apart.append(pair)
            continue
        related.append(pair)
        met_in.add(pair.ours.path)
        met_in.add(pair.theirs.path)
    for pair in apart:
        if pair.ours.path not in met_in:
            related.append(pair)
    return related


class _Index:
    """Touches by where they stand, by their files, and new ones by what they are added to."""

    def __init__(self, touches: Iterable[Touch]) -> None:
        touches = list(dict.fromkeys(touches))
        self._places = Places((touch.address, touch) for touch in touches)
        self._file: dict[str, Touch] = {}
        self._new: dict[tuple[Key, Gap], list[Touch]] = defaultdict(list)
        self._next: dict[Key, list[Touch]] = defaultdict(list)
        for touch in touches:
            self._file.setdefault(touch.path, touch)
            container = touch.container
            for name in touch.gap or ():
                self._next[(*container, name)].append(touch)
            if touch.verb == "add":
                # Also under no gap at all, where those with another gap find it.
                for gap in {None, touch.gap}:
                    self._new[container, gap].append(touch)

    def near(self, touch: Touch) -> Iterator[Touch]:
        """Those that may be related to a touch; of many that are so in the same way, some."""
        yield from self._places.overlapping(touch.address)
        container = touch.container
        if touch.verb == "add":
            for gap in {None, touch.gap}:
                additions = self._new.get((container, gap), ())
                yield from additions[:_SOME]
        yield from self._next.get(touch.key, ())
        for name in touch.gap or ():
            yield from self._places.exactly((*container, name))
        # One of the same file, so that a file that both touch is told even where nothing meets.
        if touch.path in self._file:
            yield self._file[touch.path]


def _relation(ours: Touch, theirs: Touch) -> Evidence | None:
    if ours.key == theirs.key:
        return _same(ours)
    if ours.address.overlaps(theirs.address):
        return _containment(ours.address, theirs.address)
    if ours.path != theirs.path:
        return None
    if ours.container != theirs.container:
        return Evidence.APART
    if ours.verb == theirs.verb == "add":
        return _addition(ours.gap, theirs.gap)
    if _is_next(ours, theirs) or _is_next(theirs, ours):
        return Evidence.NEXT
    return Evidence.APART


def _addition(gap: Gap, their_gap: Gap) -> Evidence:
    # Between which neighbours is known only of what is written already.
    if gap is None or their_gap is None:
        return Evidence.SOMEWHERE
    if gap == their_gap:
        return Evidence.GAP
    return Evidence.BESIDE


def _containment(ours: Address, theirs: Address) -> Evidence:
    wider = ours if ours.is_around(theirs) else theirs
    if wider.is_directory:
        return Evidence.IN_DIRECTORY
    if wider.segments:
        return Evidence.AROUND
    return Evidence.IN_FILE


def _is_next(touch: Touch, neighbour: Touch) -> bool:
    """Whether small things stand side by side, before anything new comes between them."""
    name = touch.key[-1]
    if name not in (neighbour.gap or ()):
        return False
    longer = max(touch.lines, neighbour.lines)
    return 0 < longer <= _NEAR


def _same(touch: Touch) -> Evidence:
    names = touch.key[1:]
    if not names:
        return _same_file(touch)
    if names == (IMPORTS,):
        return Evidence.IMPORTS
    if names == (MODULE,):
        return Evidence.MODULE
    # What is headed or keyed is no code, and conflicts more often: it is counted apart.
    if touch.kind == "heading":
        return Evidence.HEADING
    if touch.kind == "key":
        return Evidence.KEY
    return Evidence.SYMBOL


def _same_file(touch: Touch) -> Evidence:
    if touch.address.is_directory:
        return Evidence.DIRECTORY
    if touch.kind == "file":
        return Evidence.WHOLE
    return Evidence.FILE


def _size(lines: int) -> str:
    """The name of a size; empty where it is not known."""
    if not lines:
        return ""
    for most, name in _SIZES:
        if lines <= most:
            return name
    return "huge"
