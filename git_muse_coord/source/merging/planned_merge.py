"""What one merge asks for, symbol by symbol: what its sides did, where git conflicts, and what breaks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import chain

from git_muse_coord.model.address import Key
from git_muse_coord.rules.merge_plan import Item, plan_merge_items
from git_muse_coord.rules.merged_symbol import Break, Site
from git_muse_coord.source.merging.broken_uses import broken_uses
from git_muse_coord.source.merging.conflicting_symbols import clashes
from git_muse_coord.source.merging.go_packages import doubled_in_packages
from git_muse_coord.source.merging.implementations import lost_implementations
from git_muse_coord.source.merging.merge_outcome import OutcomeInMemory
from git_muse_coord.source.merging.merge_trees import MergeTrees
from git_muse_coord.source.merging.merged_files import MergedFiles
from git_muse_coord.source.merging.overrides import lost_overrides
from git_muse_coord.source.merging.shared_trees import SharedTrees
from git_muse_coord.source.merging.side import Side, alike
from git_muse_coord.store.git.merge_answers import Merged
from git_muse_coord.store.git.merges import Merges


class PlannedMerge:
    """A merge that git has made in memory, and its two sides."""

    def __init__(
        self,
        shared: SharedTrees,
        merges: Merges,
        merged: Merged,
        ours: Side,
        theirs: Side,
    ) -> None:
        self._sources = shared.sources
        self._merges = merges
        self._merged = merged
        self._ours = ours
        self._theirs = theirs
        outcome = OutcomeInMemory(merges, merged)
        self._trees = MergeTrees(shared, outcome)

    def items(self) -> list[Item]:
        """Every symbol that a side changed, worst first."""
        conflicts = self._merged.conflicts
        clashes_by_file = clashes(self._sources, self._merges, conflicts)
        return plan_merge_items(
            self._ours.edits,
            self._theirs.edits,
            alike=alike(self._ours, self._theirs),
            clashes=chain.from_iterable(clashes_by_file),
            sites=self._sites,
            findings=self._findings,
        )

    def silent(self) -> list[Item]:
        """What breaks although git merges it. Of most merges that is nothing, and then no more is asked for."""
        if not self._sites and not self._findings:
            return []
        items = self.items()
        return [item for item in items if item.silent]

    @cached_property
    def _sites(self) -> Mapping[Key, list[Site]]:
        return broken_uses(self._trees, self._ours, self._theirs)

    @cached_property
    def _findings(self) -> Mapping[Key, Break]:
        ours = self._ours
        theirs = self._theirs
        files = MergedFiles(
            self._sources,
            self._merges,
            self._merged,
            ours,
            theirs,
        )
        # One break a symbol: of several kinds the last one here is told.
        return {
            **lost_overrides(ours, theirs),
            **lost_implementations(ours, theirs),
            **doubled_in_packages(ours, theirs),
            **files.breaks(),
        }
