"""Merges of branches that are made for an answer alone, one upon the other, and gone afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.rules.merge_order import TrialMerge
from git_muse_coord.store.git.branches import Commit
from git_muse_coord.store.git.merge_answers import ConflictedFile, Merged
from git_muse_coord.store.git.merges import Merges

StateAndBranch = tuple[str, str]
"""A commit upon which a branch is merged, and the name of the branch."""


class TrialMerges:
    """Merges of ``commits``, by the names of their branches. States are commits, some of them of ``merges``.

    A path that conflicts goes on with git's markers in it, as if somebody had resolved it there and
    then.
    """

    def __init__(self, merges: Merges, commits: Mapping[str, str]) -> None:
        self._merges = merges
        self._commits = commits
        self._unclean: dict[StateAndBranch, Merged] = {}
        """The merges that did not go through."""

    def merge(self, pairs: Sequence[StateAndBranch]) -> list[TrialMerge]:
        """Merge each (state, branch); without a tree where git will not, as where no history is in common."""
        commits: list[tuple[str, str]] = []
        for state, branch in pairs:
            commit = self._commits[branch]
            commits.append((state, commit))
        merges = self._merges.pairs(commits)
        trials: list[TrialMerge] = []
        for pair, merged in zip(pairs, merges, strict=True):
            if not merged.is_clean:
                self._unclean[pair] = merged
            state, branch = pair
            paths = sorted(conflict.path for conflict in merged.conflicts)
            trial = TrialMerge(
                state,
                branch,
                merged.tree,
                tuple(paths),
            )
            trials.append(trial)
        return trials

    def conflicts(self, state: str, branch: str) -> Sequence[ConflictedFile]:
        """What conflicted in a merge that was made."""
        pair = (state, branch)
        merged = self._unclean.get(pair)
        if merged is None:
            return ()
        return merged.conflicts

    def keep(self, trial: TrialMerge) -> str:
        """The state after a merge: the branch itself, where it contains the state before. Raises StoreFailed."""
        branch = trial.branch
        commit = self._commits[branch]
        if self.is_forward(trial):
            return commit
        if not trial.tree:
            refusal = self._unclean[trial.state, branch]
            raise StoreFailed(
                f"git will not merge {branch} after the branches before it: {refusal.problem}"
            )
        parents = [trial.state, commit]
        return self._merges.commit(trial.tree, parents)

    def is_forward(self, trial: TrialMerge) -> bool:
        """Whether the branch contains the state that it was merged into: then nothing is added to it."""
        if trial.conflicts:
            return False
        # Trees are compared first: bases, which walk the history, are asked of few merges only.
        tree_of_branch = self._trees[trial.branch]
        if trial.tree != tree_of_branch:
            return False
        commit = self._commits[trial.branch]
        bases = self._merges.bases(trial.state, commit)
        return bases == [trial.state]

    @cached_property
    def _trees(self) -> dict[str, str]:
        """The tree of each branch: what it gives when it is merged with itself."""
        commits = self._commits.values()
        themselves = [(commit, commit) for commit in commits]
        merges = self._merges.pairs(themselves)
        trees: dict[str, str] = {}
        for branch, merged in zip(self._commits, merges, strict=True):
            trees[branch] = merged.tree
        return trees

    def first_stop(self, state: str, commits: Sequence[Commit]) -> Commit | None:
        """The first of some commits that conflicts when they are replayed on a state one by one."""
        for commit in commits:
            # To replay a commit is to merge it with its own parent as the base.
            parent = commit.parents[0]
            to_merge = [(state, commit.id)]
            replays = self._merges.pairs(to_merge, base=parent)
            (replayed,) = replays
            if not replayed.is_clean:
                return commit
            state = self._merges.commit(replayed.tree, [state])
        return None
