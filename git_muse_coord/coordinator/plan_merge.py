"""Use case: what a merge of two revisions would ask for, symbol by symbol, without making it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from git_muse_coord.coordinator.branches_at_work import few
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.errors import BadInput, Stopped
from git_muse_coord.model.results import Result
from git_muse_coord.rules.merge_plan import ConflictType, Item, plan_merge_items
from git_muse_coord.store.git.commits import commit, common_bases
from git_muse_coord.store.git.merges import Merges

if TYPE_CHECKING:
    from git_muse_coord.source.merging.side import Side


@dataclass(kw_only=True, eq=False)
class CallSite:
    """What breaks: the symbol in which it is, its file and line, and the side (ours, theirs) that brings it."""

    address: str
    file: str
    line: int
    side: str


@dataclass(kw_only=True, eq=False)
class PlannedSymbol:
    """A symbol that a side changed, under the address that it has at the base.

    ``conflict_type`` is one of symbol_edit_overlap, rename_edit, move_edit, delete_use,
    dependency_conflict, double_definition, lost_import, lost_override, no_conflict; ``ours_change``
    and ``theirs_change`` are null for a side that left it alone; ``git_conflict`` says whether git
    itself conflicts there. ``silent``: git merges cleanly, but the result breaks. ``disjoint``: git
    conflicts, but in those lines the sides changed different symbols. ``sites`` are the uses that
    break, or the definitions that meet.
    """

    address: str
    conflict_type: str
    ours_change: str | None
    theirs_change: str | None
    git_conflict: bool
    silent: bool
    disjoint: bool
    recommendation: str
    sites: tuple[CallSite, ...]


@dataclass(kw_only=True, eq=False)
class PlanMergeResult(Result):
    """What git and the symbols say of a merge: commits, numbers of symbols, paths in conflict, and each symbol.

    ``conflicts`` and ``clean`` are the numbers of symbols with and without a conflict; the worst
    items come first.
    """

    base: str
    ours: str
    theirs: str
    total_symbols: int
    conflicts: int
    clean: int
    git_conflicts: tuple[str, ...]
    items: tuple[PlannedSymbol, ...]


def plan_merge(
    session: Session, ours: str, theirs: str, *, base: str | None = None, strict: bool = False
) -> PlanMergeResult:
    """Say what merging ``theirs`` into ``ours`` would ask for. Nothing is written.

    Both are compared with their merge base, or with ``base``. Where several merge bases exist
    git unites them for its own verdict, and the symbols are compared with the first. Raises
    BadInput; Stopped when ``strict`` and there is a conflict, with the answer in its
    ``result``.
    """
    from git_muse_coord.source.merging.broken_uses import breaks
    from git_muse_coord.source.merging.conflicting_symbols import clashes
    from git_muse_coord.source.merging.merged_files import Outcome
    from git_muse_coord.source.merging.overrides import lost_overrides
    from git_muse_coord.source.merging.packages import doubled_in_packages
    from git_muse_coord.source.merging.side import Side, alike

    git, sources = session.repository.git, session.sources()
    one, other = commit(git, ours), commit(git, theirs)
    bases = [commit(git, base)] if base is not None else common_bases(git, one, other)
    with Merges(session.repository) as merges:
        (merged,) = merges.pairs([(one, other)], bases[0] if base is not None else None)
        if merged.problem:
            raise BadInput(f"git cannot merge the two: {merged.problem}")
        session.progress("comparing our side with the base")
        left = Side(sources, "ours", bases[0], one)
        session.progress("comparing their side with the base")
        right = Side(sources, "theirs", bases[0], other)
        items = plan_merge_items(
            left.edits,
            right.edits,
            alike=alike(left, right),
            clashes=chain.from_iterable(clashes(sources, merges, merged.conflicts)),
            sites=breaks(sources, bases[0], left, right),
            findings={
                **lost_overrides(left, right),
                **doubled_in_packages(left, right),
                **Outcome(sources, merges, merged, left, right).findings(),
            },
        )
    conflicts = sum(item.conflict_type is not ConflictType.NONE for item in items)
    result = PlanMergeResult(
        base=bases[0],
        ours=one,
        theirs=other,
        total_symbols=len(items),
        conflicts=conflicts,
        clean=len(items) - conflicts,
        git_conflicts=tuple(path.path for path in merged.conflicts),
        items=tuple(map(_planned, items)),
        warnings=[*_crossed(bases), *_broken(left, right)],
    )
    if strict and (conflicts or result.git_conflicts):
        raise _stopped(result)
    return result


def _planned(item: Item) -> PlannedSymbol:
    return PlannedSymbol(
        address=str(item.address),
        conflict_type=str(item.conflict_type),
        ours_change=item.ours,
        theirs_change=item.theirs,
        git_conflict=item.git_conflict,
        silent=item.silent,
        disjoint=item.disjoint,
        recommendation=item.recommendation,
        sites=tuple(
            CallSite(
                address=str(site.caller), file=site.caller.path, line=site.line, side=site.side
            )
            for site in item.sites
        ),
    )


def _crossed(bases: list[str]) -> Iterator[str]:
    if len(bases) > 1:
        yield f"the two have {len(bases)} merge bases, which git unites; the symbols are compared with {bases[0][:12]}"


def _broken(ours: Side, theirs: Side) -> Iterator[str]:
    if broken := sorted(ours.broken | theirs.broken):
        yield f"not read in full, because it does not parse: {few(broken)}"


def _stopped(result: PlanMergeResult) -> Stopped:
    what = (
        [f"{result.conflicts:,} of {result.total_symbols:,} symbols conflict"]
        if result.conflicts
        else []
    )
    paths = [f"git conflicts in {few(result.git_conflicts)}"] if result.git_conflicts else []
    return Stopped("; ".join([*what, *paths]), "see the items for what to do", result)
