"""Use case: which pairs of several revisions need a look before they are merged, without merging any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from git_muse_coord.coordinator.answers.planned_symbol import PlannedSymbol, planned
from git_muse_coord.coordinator.answers.silent_break import looked_for_in
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.errors import Stopped
from git_muse_coord.model.results import Result
from git_muse_coord.model.wording import few
from git_muse_coord.rules.merge_plan import Item
from git_muse_coord.store.git.commits import bases, commit
from git_muse_coord.store.git.merge_answers import Merged
from git_muse_coord.store.git.merges import Merges

_PAIRS_MOST = 300
"""So many pairs are looked at, which is each two of 25 revisions."""


class PlannedPair(Declared):
    """Two revisions that need a look, as ``plan-merge`` of the two alone tells more of.

    ``conflicts`` is the number of symbols in conflict, ``items`` are these, and ``git_conflicts``
    the paths in which git conflicts.
    """

    ours: str
    theirs: str
    base: str
    conflicts: int
    git_conflicts: tuple[str, ...]
    items: tuple[PlannedSymbol, ...]


class PlanMergesResult(Result):
    """Of more than two revisions: what each is, the pairs that need a look, the worst first, and how many do not.

    ``commits`` says where each of the ``revisions`` stands.
    """

    revisions: tuple[str, ...]
    commits: tuple[str, ...]
    pairs: tuple[PlannedPair, ...]
    quiet: int


def plan_merges(
    session: Session,
    revisions: Sequence[str],
    *,
    strict: bool = False,
) -> PlanMergesResult:
    """Look at each two of some revisions. Nothing is written. Raises BadInput, and Stopped as ``plan_merge``."""
    git = session.repository.git
    tips: dict[str, str] = {}
    for revision in revisions:
        tips[revision] = commit(git, revision)
    pairs = list(combinations(tips, 2))
    warnings: list[str] = []
    if len(pairs) > _PAIRS_MOST:
        warnings.append(looked_for_in(_PAIRS_MOST, len(pairs)))
        pairs = pairs[:_PAIRS_MOST]
    session.progress(f"merging {len(pairs):,} pairs in memory")
    with Merges(session.repository) as merges:
        looked_at = _looked_at(
            session,
            merges,
            tips,
            pairs,
            warnings,
        )
        looked = list(looked_at)
    needing = [pair for pair in looked if pair.items or pair.git_conflicts]
    needing.sort(key=_worst_first)
    result = PlanMergesResult(
        revisions=tuple(tips),
        commits=tuple(tips.values()),
        pairs=tuple(needing),
        quiet=len(looked) - len(needing),
        warnings=warnings,
    )
    if strict and needing:
        raise Stopped(
            f"{len(needing):,} of {len(looked):,} pairs need a look",
            "see the pairs for what to do",
            result,
        )
    return result


def _looked_at(
    session: Session,
    merges: Merges,
    tips: dict[str, str],
    pairs: Sequence[tuple[str, str]],
    warnings: list[str],
) -> Iterator[PlannedPair]:
    from git_muse_coord.source.merging.planned_merge import PlannedMerge
    from git_muse_coord.source.merging.shared_trees import SharedTrees

    shared = SharedTrees(session.sources())
    refused: list[str] = []
    commits = [(tips[ours], tips[theirs]) for ours, theirs in pairs]
    merged_pairs = merges.pairs(commits)
    for (ours, theirs), merged in zip(pairs, merged_pairs, strict=True):
        common = bases(session.repository.git, merged.ours, merged.theirs)
        if merged.problem or not common:
            refused.append(f"{ours} with {theirs}")
            continue
        base = common[0]
        items: list[Item] = []
        # A revision that holds the other has nothing to meet there, and none of its files is read.
        if base not in (merged.ours, merged.theirs):
            our_side = shared.side("ours", base, merged.ours)
            their_side = shared.side("theirs", base, merged.theirs)
            merge = PlannedMerge(
                shared,
                merges,
                merged,
                our_side,
                their_side,
            )
            items = merge.items()
        yield _pair(
            ours,
            theirs,
            base,
            merged,
            items,
        )
    if refused:
        warnings.append(f"git will not merge them, so nothing is known of them: {few(refused)}")


def _pair(
    ours: str,
    theirs: str,
    base: str,
    merged: Merged,
    items: Sequence[Item],
) -> PlannedPair:
    in_conflict = [item for item in items if item.is_conflict]
    paths = [conflict.path for conflict in merged.conflicts]
    return PlannedPair(
        ours=ours,
        theirs=theirs,
        base=base,
        conflicts=len(in_conflict),
        git_conflicts=tuple(paths),
        items=tuple(map(planned, in_conflict)),
    )


def _worst_first(pair: PlannedPair) -> tuple[int, int, int]:
    silent = sum(item.silent for item in pair.items)
    return -silent, -len(pair.git_conflicts), -pair.conflicts
