"""Which callers break when branches are merged as they are now: plan-merge's evidence, for several pairs at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from git_muse_coord.model.address import Key
from git_muse_coord.rules.broken_callers import BranchBreak
from git_muse_coord.source.by_path import address_of
from git_muse_coord.source.merging.broken_uses import broken_uses
from git_muse_coord.source.merging.merge_outcome import OutcomeInMemory
from git_muse_coord.source.merging.merge_trees import MergeTrees
from git_muse_coord.source.merging.shared_trees import SharedTrees
from git_muse_coord.source.merging.side import Side
from git_muse_coord.source.sources import Sources
from git_muse_coord.store.git.branches import Branch
from git_muse_coord.store.git.merges import Merges


def shown_breaks(
    sources: Sources,
    merges: Merges,
    pairs: Sequence[tuple[Branch, Branch]],
) -> Iterator[list[BranchBreak]]:
    """For each pair of branches what breaks when they are merged; nothing where git will not merge them."""
    commits: list[tuple[str, str]] = []
    for first, second in pairs:
        commits.append((first.commit, second.commit))
    made = merges.pairs(commits)
    shared = SharedTrees(sources)
    for (first, second), merged in zip(pairs, made, strict=True):
        tips = merged.ours, merged.theirs
        bases = merges.bases(*tips)
        if merged.problem or not bases:
            yield []
            continue
        # Of several bases the first counts, as for plan-merge.
        base = bases[0]
        # A branch that holds the other has nothing to meet there.
        if base in tips:
            yield []
            continue
        ours = shared.side(first.name, base, first.commit)
        theirs = shared.side(second.name, base, second.commit)
        outcome = OutcomeInMemory(merges, merged)
        trees = MergeTrees(shared, outcome)
        yield _breaks(trees, ours, theirs)


def _breaks(
    trees: MergeTrees,
    ours: Side,
    theirs: Side,
) -> list[BranchBreak]:
    breaks: list[BranchBreak] = []
    broken = broken_uses(trees, ours, theirs)
    for key, sites in sorted(broken.items()):
        # Who uses it is named with each use; the other is the one that took it.
        user_name = sites[0].side
        taker = theirs if user_name == ours.name else ours
        shown = BranchBreak(
            address_of(key),
            _change(taker, key),
            taker.name,
            tuple(sites),
        )
        breaks.append(shown)
    return breaks


def _change(side: Side, key: Key) -> str:
    edit = side.edits.get(key)
    # What went away with what was around it has no change of its own.
    if edit is None:
        return "deleted"
    return edit.change
