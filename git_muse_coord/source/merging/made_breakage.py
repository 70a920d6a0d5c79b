"""What breaks between two sides of a merge, as far as it is in what came out of it."""

from __future__ import annotations

from collections.abc import Mapping

from git_muse_coord.model.address import Key
from git_muse_coord.rules.merge_plan import Item, plan_merge_items
from git_muse_coord.rules.merged_symbol import Break
from git_muse_coord.source.merging.broken_uses import broken_uses
from git_muse_coord.source.merging.go_packages import doubled_in_packages
from git_muse_coord.source.merging.implementations import lost_implementations
from git_muse_coord.source.merging.merge_outcome import MergeOutcome
from git_muse_coord.source.merging.merge_trees import MergeTrees
from git_muse_coord.source.merging.overrides import lost_overrides
from git_muse_coord.source.merging.shared_trees import SharedTrees
from git_muse_coord.source.merging.side import Side, alike
from git_muse_coord.source.merging.still_there import StillThere


def made_items(
    shared: SharedTrees,
    outcome: MergeOutcome,
    ours: Side,
    theirs: Side,
) -> list[Item]:
    """What git does not tell."""
    trees = MergeTrees(shared, outcome)
    still = StillThere(
        shared,
        outcome,
        trees,
        ours,
        theirs,
    )
    broken = broken_uses(trees, ours, theirs)
    sites = still.uses(broken)
    findings = still.findings(_findings(ours, theirs))
    # Of most merges there is nothing to tell.
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


def _findings(ours: Side, theirs: Side) -> Mapping[Key, Break]:
    """What breaks besides uses, and is not seen by comparing single files."""
    return {
        **lost_overrides(ours, theirs),
        **lost_implementations(ours, theirs),
        **doubled_in_packages(ours, theirs),
    }
