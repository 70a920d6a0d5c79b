"""Looking inside of the files that differ: those near reservations first, others only for what has left the near ones.

One small file with a conflict must not be lost among large ones that nobody holds, so what is near
is read while there is time, and what is known at each moment is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from git_muse_coord.coordinator.session import Session
from git_muse_coord.rules.conflicts import Holdings
from git_muse_coord.rules.touched import Touched
from git_muse_coord.source.changed import Changed, places
from git_muse_coord.source.piecemeal import Piecemeal
from git_muse_coord.source.sources import Sources
from git_muse_coord.store.git.trees import Delta

FAR_MOST = 50
"""Up to so many files in which nobody holds anything are read to see what has moved into them."""

_NEAR_SHARE = 0.8
_AGAIN_SHARE = 0.5
FAR_SHARE = 0.25
"""What may be spent before near files are no longer read, all is no longer compared again, and others are no longer
searched: with 1,800 small functions a file, comparing those takes twice as long as having them from the cache."""

Read = Callable[[Sequence[Delta], Sources], tuple[list[Changed], list[Touched]]]
"""Tells what changes inside of some files, and what that touches."""


class Inside(NamedTuple):
    """What was found.

    ``read`` are the paths that were read; ``unread`` those for which there was no time, although
    somebody holds a part of them; ``as_files`` is the number of others that it would have been good
    to read as well.
    """

    changes: list[Changed]
    touched: list[Touched]
    read: set[str]
    unread: set[str]
    as_files: int


def look_inside(
    session: Session,
    deltas: Sequence[Delta],
    holdings: Holdings,
    read: Read,
    early: Callable[[Inside], None] = lambda _: None,
) -> Inside:
    """Look inside of the files that differ, and tell ``early`` what is known as long as there is more to read."""
    groups = _grouped(deltas, holdings)
    piecemeal = Piecemeal(session.sources(), session.allowance)
    known = _Known(groups)
    for piece in piecemeal.pieces([*groups.parts, *groups.wholes], _NEAR_SHARE):
        known.add(piece, *read(piece, piecemeal.sources))
        if known.unread:
            early(known.answer())
    searched: list[Delta] = []
    unsearched = 0
    if groups.far and any(change.change == "deleted" for change in known.changes):
        early(known.answer())
        searched = [
            delta for piece in piecemeal.pieces(groups.far[:FAR_MOST], FAR_SHARE) for delta in piece
        ]
        unsearched = len(groups.far) - len(searched)
    if searched or (known.pieces > 1 and piecemeal.has_time(_AGAIN_SHARE)):
        together = [*known.read, *searched]
        known.read = together
        known.changes, known.touched = read(
            together, piecemeal.sources
        )  # again, for moves between them
    return known.answer(unsearched)


class _Groups(NamedTuple):
    """The files that differ.

    ``parts``: somebody holds a part of them. ``wholes``: they are met whatever is in them, if it is
    not formatting alone. ``far``: something of the others may have moved there.
    """

    parts: list[Delta]
    wholes: list[Delta]
    far: list[Delta]


def _grouped(deltas: Iterable[Delta], holdings: Holdings) -> _Groups:
    groups = _Groups([], [], [])
    for delta in deltas:
        held = [
            holding.address for place in places(delta) for holding in holdings.overlapping(place)
        ]
        if any(address.segments for address in held):
            groups.parts.append(delta)
        elif held:
            groups.wholes.append(delta)
        elif delta.new is not None:
            groups.far.append(delta)
    return groups


class _Known:
    """What is known so far."""

    def __init__(self, groups: _Groups) -> None:
        self.changes: list[Changed] = []
        self.touched: list[Touched] = []
        self.read: list[Delta] = []
        self.unread = {delta.path: delta for delta in (*groups.parts, *groups.wholes)}
        self.pieces = 0
        self._parts = {delta.path for delta in groups.parts}

    def add(self, piece: Sequence[Delta], changes: list[Changed], touched: list[Touched]) -> None:
        """Take in what was found in some of the near files."""
        self.pieces += bool(piece)
        self.read += piece
        self.changes += changes
        self.touched += touched
        for delta in piece:
            del self.unread[delta.path]

    def answer(self, unsearched: int = 0) -> Inside:
        """What there is to tell, if no more can be read: of what is unread, that it differs."""
        touched = [
            *self.touched,
            *(one for delta in self.unread.values() for one in _as_file(delta)),
        ]
        unread = self._parts & self.unread.keys()
        as_files = len(self.unread) - len(unread) + unsearched
        return Inside(
            list(self.changes), touched, {delta.path for delta in self.read}, unread, as_files
        )


def _as_file(delta: Delta) -> list[Touched]:
    """What a file touches that was not read: who holds it or what is around it, and all in it where it is gone."""
    versions = [version for version in (delta.old, delta.new) if version is not None]
    is_gone = delta.new is None or not all(version.is_file for version in versions)
    return [Touched(place, inside=is_gone) for place in places(delta)]
