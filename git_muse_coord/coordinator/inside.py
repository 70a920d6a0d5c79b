"""Looking inside of the files that differ: those near reservations first, others only for what has left the near ones.

One small file with a conflict must not be lost among large ones that nobody holds, so what is near
is read while there is time, and what is known at each moment is told.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.rules.touched import Touched
from git_muse_coord.source.changed import addresses_of
from git_muse_coord.source.piecemeal import Piecemeal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.rules.conflicts import Holdings
    from git_muse_coord.source.changed import Changed
    from git_muse_coord.source.sources import Sources
    from git_muse_coord.store.git.trees import Delta

    ReadInside = Callable[[Sequence[Delta], Sources], tuple[list[Changed], list[Touched]]]
    """Tells what changes inside of some files, and what that touches."""

FAR_MOST = 50
"""At most so many files in which nobody holds anything are read to see what has moved into them."""

# What may be spent before something is no longer done. Comparing comes last and is dear: with
# 1,800 small functions a file it takes twice as long as having them from the cache.
_NEAR_SHARE = 0.8
"""... before near files are no longer read."""
_AGAIN_SHARE = 0.5
"""... before all is no longer compared again."""
FAR_SHARE = 0.25
"""... before others are no longer searched."""


class LookedInside(NamedTuple):
    """What is known of the files that differ.

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
    read: ReadInside,
    early: Callable[[LookedInside], None] = lambda _: None,
) -> LookedInside:
    """Look inside of the files that differ, and tell ``early`` what is known as long as there is more to read."""
    groups = _grouped(deltas, holdings)
    if not groups.parts and not groups.wholes:
        # Nobody holds anything near: nothing is read, and what reads source is not even loaded.
        return _Known(groups).answer()
    piecemeal = Piecemeal(session.sources(), session.allowance)
    known = _Known(groups)
    near = [*groups.parts, *groups.wholes]
    for piece in piecemeal.pieces(near, _NEAR_SHARE):
        changes, touched = read(piece, piecemeal.sources)
        known.add(piece, changes, touched)
        # Whoever is stopped from now on has at least told this.
        if known.unread:
            early(known.answer())

    searched: list[Delta] = []
    unsearched = 0
    has_gone = any(change.change == "deleted" for change in known.changes)
    # Only where a symbol has gone from a near file can it have come to one that nobody holds.
    if groups.far and has_gone:
        early(known.answer())
        for piece in piecemeal.pieces(groups.far[:FAR_MOST], FAR_SHARE):
            searched += piece
        unsearched = len(groups.far) - len(searched)

    may_compare_again = known.pieces > 1 and piecemeal.has_time(_AGAIN_SHARE)
    # Moves between two files show only when both are compared together.
    if searched or may_compare_again:
        together = [*known.read, *searched]
        changes, touched = read(together, piecemeal.sources)
        known.replace(together, changes, touched)
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
        holds_any = False
        holds_part = False
        for place in addresses_of(delta):
            for holding in holdings.overlapping(place):
                holds_any = True
                if holding.address.segments:
                    holds_part = True
        if holds_part:
            groups.parts.append(delta)
        elif holds_any:
            groups.wholes.append(delta)
        elif delta.new is not None:
            # What was deleted holds nothing that could have moved there.
            groups.far.append(delta)
    return groups


class _Known:
    """What is known so far of the near files."""

    def __init__(self, groups: _Groups) -> None:
        self.changes: list[Changed] = []
        self.touched: list[Touched] = []
        self.read: list[Delta] = []
        self.unread: dict[str, Delta] = {}
        for delta in (*groups.parts, *groups.wholes):
            self.unread[delta.path] = delta
        self.pieces = 0
        self._parts = {delta.path for delta in groups.parts}

    def add(
        self,
        piece: Sequence[Delta],
        changes: list[Changed],
        touched: list[Touched],
    ) -> None:
        """Take in what a piece of the near files holds."""
        if piece:
            self.pieces += 1
        self.read += piece
        self.changes += changes
        self.touched += touched
        for delta in piece:
            del self.unread[delta.path]

    def replace(
        self,
        read: list[Delta],
        changes: list[Changed],
        touched: list[Touched],
    ) -> None:
        """Put what comparing all together says in place of what the pieces said."""
        self.read = read
        self.changes = changes
        self.touched = touched

    def answer(self, unsearched: int = 0) -> LookedInside:
        """What there is to tell, if no more can be read: of what is unread, that it differs."""
        touched = list(self.touched)
        for delta in self.unread.values():
            touched += _as_file(delta)
        unread = self._parts & self.unread.keys()
        # Of a whole that was not read it is known that it is met.
        unread_wholes = len(self.unread) - len(unread)
        return LookedInside(
            changes=list(self.changes),
            touched=touched,
            read={delta.path for delta in self.read},
            unread=unread,
            as_files=unread_wholes + unsearched,
        )


def _as_file(delta: Delta) -> list[Touched]:
    """What a file touches that was not read: who holds it or what is around it, and all in it where it is gone."""
    is_gone = not delta.is_file_still
    return [Touched(place, inside=is_gone) for place in addresses_of(delta)]
