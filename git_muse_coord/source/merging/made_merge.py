"""What breaks in a merge that is made, or about to be: in the index, or in a commit.

As ``planned_merge``, in a short time and of what really came out: what a person mended on the way
breaks nothing.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.source.merging.nearby_trees import NearbyTrees

if TYPE_CHECKING:
    from git_muse_coord.rules.merge_plan import Item
    from git_muse_coord.source.allowance import Allowance
    from git_muse_coord.source.merging.join import Join, JoinedLine
    from git_muse_coord.source.merging.merge_outcome import MergeOutcome
    from git_muse_coord.source.merging.side import Side
    from git_muse_coord.source.sources import Sources

_READ_SHARE = 0.5
"""What may be spent before no more of the sides is read: comparing and linking come after that."""
_CHANGED_MOST = 2000
"""Files of code that both sides together may have changed: of more not even the comparison is quick."""


class OutOfTime(Exception):
    """There was no time to look."""


class MadeMerge:
    """Two lines of work, and the ``outcome`` of their coming together."""

    def __init__(
        self,
        sources: Sources,
        join: Join,
        outcome: MergeOutcome,
        allowance: Allowance | None,
    ) -> None:
        self._sources = sources
        self._join = join
        self._outcome = outcome
        self._allowance = allowance
        self._shared = NearbyTrees(sources)

    @property
    def is_whole(self) -> bool:
        """Whether all code was looked at."""
        return self._shared.is_whole

    def silent(self) -> list[Item]:
        """What breaks without git telling. Raises OutOfTime."""
        our_work = self._join.ours
        their_work = self._join.theirs
        # Where one side has no code, nothing can break over it, and nothing is read.
        count = 0
        for work in (our_work, their_work):
            # Those are kept, and no comparison is made twice.
            deltas = self._shared.deltas(work.base, work.tip)
            if not deltas:
                return []
            count += len(deltas)
        if count > _CHANGED_MOST:
            raise OutOfTime
        ours = self._side(our_work)
        theirs = self._side(their_work)
        # Nobody waits for what links files to be loaded where nothing was taken away.
        if not _can_break(ours, theirs):
            return []
        from git_muse_coord.source.merging.made_breakage import made_items

        return made_items(self._shared, self._outcome, ours, theirs)

    def _side(self, work: JoinedLine) -> Side:
        """One of them, of which all that differs is read first, as far as there is time."""
        base = work.base
        tip = work.tip
        deltas = self._shared.deltas(base, tip)
        from git_muse_coord.source.piecemeal import Piecemeal

        piecemeal = Piecemeal(self._sources, self._allowance)
        pieces = piecemeal.pieces(deltas, _READ_SHARE)
        known = 0
        for piece in pieces:
            known += len(piece)
        if known < len(deltas):
            raise OutOfTime
        return self._shared.side(work.name, base, tip)


def _can_break(ours: Side, theirs: Side) -> bool:
    """Whether a side took anything away, or both may have put one name into a package of Go."""
    for side in (ours, theirs):
        if side.gone:
            return True
        if any(side.resigned):
            return True
    return _has_go(ours) and _has_go(theirs)


def _has_go(side: Side) -> bool:
    for path in side.files:
        if path.endswith(".go"):
            return True
    return False
