"""Merges of branches that go onto one and the same, each two of them: what breaks in which git would not tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from git_muse_coord.rules.merge_plan import Item
from git_muse_coord.source.merging.planned_merge import PlannedMerge
from git_muse_coord.source.merging.shared_trees import SharedTrees
from git_muse_coord.source.merging.side import Side
from git_muse_coord.source.sources import Sources
from git_muse_coord.store.git.branches import Branch
from git_muse_coord.store.git.merge_answers import Merged
from git_muse_coord.store.git.merges import Merges

Pair = tuple[Branch, Branch]


class SiblingMerges:
    """Each branch is compared once, with where it parted from the target: what came from there is not its own work."""

    def __init__(
        self,
        sources: Sources,
        merges: Merges,
        target: Branch,
    ) -> None:
        self._merges = merges
        self._target = target
        self._shared = SharedTrees(sources)
        self._base = cache(self._find_base)

    def silent(self, pairs: Iterable[Pair]) -> Iterator[tuple[Pair, list[Item]]]:
        """What breaks in the merges of which git says nothing; the sides go by the names of their branches."""
        wanted: list[Pair] = []
        commits: list[tuple[str, str]] = []
        for pair in pairs:
            first, second = pair
            tips = first.commit, second.commit
            base = self._base(*tips)
            # A branch that holds the other has nothing to meet there.
            if not base or base in tips:
                continue
            wanted.append(pair)
            commits.append(tips)
        merges = self._merges.pairs(commits)
        for pair, merged in zip(wanted, merges, strict=True):
            if merged.problem:
                continue
            items = self._planned(pair, merged).silent()
            if items:
                yield pair, items

    def _planned(self, pair: Pair, merged: Merged) -> PlannedMerge:
        ours, theirs = self._sides(pair)
        return PlannedMerge(
            self._shared,
            self._merges,
            merged,
            ours,
            theirs,
        )

    def _sides(self, pair: Pair) -> tuple[Side, Side]:
        first, second = pair
        common = self._base(first.commit, second.commit)
        ours = self._side(first, common)
        theirs = self._side(second, common)
        return ours, theirs

    def _side(self, branch: Branch, common: str) -> Side:
        """A branch with its own work, where it has parted from another at a ``common`` commit."""
        target = self._target.commit
        base = common
        is_in_target = self._base(common, target) == common
        # What two have in common that is not in the target yet is the work of neither.
        if is_in_target and branch != self._target:
            base = self._base(target, branch.commit)
        return self._shared.side(
            branch.name,
            base,
            branch.commit,
        )

    def _find_base(self, commit: str, other_commit: str) -> str:
        bases = self._merges.bases(commit, other_commit)
        if not bases:
            return ""
        # Of several the first counts, as for plan-merge.
        return bases[0]
