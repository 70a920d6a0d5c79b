"""What breaks between branches that are to be merged, and between each of them and the one that they go onto."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import combinations

from git_muse_coord.coordinator.answers.silent_break import SilentBreak, looked_for_in, silent_break
from git_muse_coord.coordinator.session import Session
from git_muse_coord.source.merging.sibling_merges import Pair, SiblingMerges
from git_muse_coord.store.git.branches import Branch
from git_muse_coord.store.git.merges import Merges

_PAIRS_MOST = 300
"""So many pairs are looked at, which is each two of 24 branches."""


class SiblingBreaks:
    """The breaks between some branches, by their names, and the target; ``warnings`` takes what was not looked at."""

    def __init__(
        self,
        session: Session,
        merges: Merges,
        target: Branch,
        branches: Mapping[str, Branch],
        warnings: list[str],
    ) -> None:
        pairs: list[Pair] = []
        # What breaks with what is there already comes first, should there be too many.
        for branch in branches.values():
            pairs.append((target, branch))
        pairs += combinations(branches.values(), 2)
        if len(pairs) > _PAIRS_MOST:
            warnings.append(looked_for_in(_PAIRS_MOST, len(pairs)))
        session.progress("merging the branches in memory, each with each")
        siblings = SiblingMerges(session.sources(), merges, target)
        self.all: list[SilentBreak] = []
        for (first, second), items in siblings.silent(pairs[:_PAIRS_MOST]):
            names = (first.name, second.name)
            commits = (first.commit, second.commit)
            for item in items:
                self.all.append(silent_break(names, commits, item))

    def partners(self, branch: str, among: Collection[str]) -> list[str]:
        """With which of some others a merge of a branch breaks, in the order of those."""
        met: set[str] = set()
        for broken in self.all:
            if branch in broken.branches:
                met.update(broken.branches)
        met.discard(branch)
        return [name for name in among if name in met]
