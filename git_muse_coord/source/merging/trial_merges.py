"""Merges of branches that are made for an answer alone, one upon the other, and gone afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.rules.merge_order import TrialMerge
from git_muse_coord.store.git.branches import Commit
from git_muse_coord.store.git.merges import ConflictedFile, Merged, Merges


class TrialMerges:
    """Merges of ``commits``, by the names of their branches. States are commits, some of them of ``merges``.

    A path that conflicts goes on with git's markers in it, as if somebody had resolved it there and
    then.
    """

    def __init__(self, merges: Merges, commits: Mapping[str, str]) -> None:
        self._merges = merges
        self._commits = commits
        self._told: dict[tuple[str, str], Merged] = {}
        """The merges that did not go through."""

    def merge(self, pairs: Sequence[tuple[str, str]]) -> list[TrialMerge]:
        """Merge each (state, branch); without a tree where git will not, as where no history is in common."""
        merged = self._merges.pairs([(state, self._commits[branch]) for state, branch in pairs])
        self._told.update(
            (pair, one) for pair, one in zip(pairs, merged, strict=True) if not one.is_clean
        )
        return [
            TrialMerge(state, branch, one.tree, tuple(sorted(each.path for each in one.conflicts)))
            for (state, branch), one in zip(pairs, merged, strict=True)
        ]

    def conflicts(self, state: str, branch: str) -> Sequence[ConflictedFile]:
        """What conflicted in a merge that was made."""
        told = self._told.get((state, branch))
        return told.conflicts if told else ()

    def keep(self, outcome: TrialMerge) -> str:
        """The state after a merge: the branch itself, where it contains the state before. Raises StoreFailed."""
        commit = self._commits[outcome.branch]
        if self.is_forward(outcome):
            return commit
        if not outcome.tree:
            problem = self._told[outcome.state, outcome.branch].problem
            raise StoreFailed(
                f"git will not merge {outcome.branch} after the branches before it: {problem}"
            )
        return self._merges.commit(outcome.tree, [outcome.state, commit])

    def is_forward(self, outcome: TrialMerge) -> bool:
        """Whether the branch contains the state that it was merged into: then nothing is added to it."""
        is_same = not outcome.conflicts and outcome.tree == self._trees[outcome.branch]
        return is_same and self._merges.bases(outcome.state, self._commits[outcome.branch]) == [
            outcome.state
        ]

    @cached_property
    def _trees(self) -> dict[str, str]:
        itself = self._merges.pairs([(commit, commit) for commit in self._commits.values()])
        return {branch: one.tree for branch, one in zip(self._commits, itself, strict=True)}

    def first_stop(self, state: str, commits: Sequence[Commit]) -> Commit | None:
        """The first of some commits that conflicts when they are replayed on a state one by one."""
        for one in commits:
            (replayed,) = self._merges.pairs([(state, one.id)], base=one.parents[0])
            if not replayed.is_clean:
                return one
            state = self._merges.commit(replayed.tree, [state])
        return None
