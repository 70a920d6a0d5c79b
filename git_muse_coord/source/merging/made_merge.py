"""What breaks in a merge that is made, or about to be: in the index, or in a commit.

As ``planned_merge``, in a short time and of what really came out: what a person mended on the way
breaks nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.rules.merge_plan import Item, plan_merge_items
from git_muse_coord.rules.merged_symbol import Break
from git_muse_coord.source.merging.broken_uses import broken_uses
from git_muse_coord.source.merging.go_packages import doubled_in_packages
from git_muse_coord.source.merging.implementations import lost_implementations
from git_muse_coord.source.merging.merge_trees import MergeTrees
from git_muse_coord.source.merging.nearby_trees import NearbyTrees
from git_muse_coord.source.merging.overrides import lost_overrides
from git_muse_coord.source.merging.side import Side, alike
from git_muse_coord.source.merging.still_there import StillThere
from git_muse_coord.source.piecemeal import Piecemeal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from git_muse_coord.model.address import Key
    from git_muse_coord.source.allowance import Allowance
    from git_muse_coord.source.merging.join import Join, JoinedLine
    from git_muse_coord.source.merging.merge_outcome import MergeOutcome
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
            deltas = self._shared.deltas(work.base, work.tip)
            if not deltas:
                return []
            count += len(deltas)
        if count > _CHANGED_MOST:
            raise OutOfTime
        ours = self._side(our_work)
        theirs = self._side(their_work)
        trees = MergeTrees(self._shared, self._outcome)
        still = StillThere(self._shared, self._outcome, trees, ours, theirs)
        sites = still.uses(broken_uses(trees, ours, theirs))
        findings = still.findings(_findings(ours, theirs))
        if not sites and not findings:
            return []
        items = plan_merge_items(
            ours.edits,
            theirs.edits,
            alike=alike(ours, theirs),
            sites=sites,
            findings=findings,
        )
        return [item for item in items if item.silent]

    def _side(self, work: JoinedLine) -> Side:
        """One of them, of which all that differs is read first, as far as there is time."""
        deltas = self._shared.deltas(work.base, work.tip)
        piecemeal = Piecemeal(self._sources, self._allowance)
        known = 0
        for piece in piecemeal.pieces(deltas, _READ_SHARE):
            known += len(piece)
        if known < len(deltas):
            raise OutOfTime
        return self._shared.side(work.name, work.base, work.tip)


def _findings(ours: Side, theirs: Side) -> Mapping[Key, Break]:
    """What breaks besides uses, and is not seen by comparing single files."""
    return {
        **lost_overrides(ours, theirs),
        **lost_implementations(ours, theirs),
        **doubled_in_packages(ours, theirs),
    }
