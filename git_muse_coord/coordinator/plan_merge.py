"""Use case: what a merge of two revisions would ask for, symbol by symbol, without making it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, overload

from git_muse_coord.coordinator.answers.astray import about_imports
from git_muse_coord.coordinator.answers.planned_symbol import PlannedSymbol, planned
from git_muse_coord.coordinator.plan_merges import PlanMergesResult, plan_merges
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.errors import BadInput, Stopped
from git_muse_coord.model.results import Result
from git_muse_coord.model.wording import few
from git_muse_coord.store.git.commits import commit, common_bases
from git_muse_coord.store.git.merges import Merges

if TYPE_CHECKING:
    from git_muse_coord.source.merging.side import Side


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


@overload
def plan_merge(
    session: Session,
    ours: str,
    theirs: str,
    *,
    base: str | None = None,
    strict: bool = False,
) -> PlanMergeResult: ...


@overload
def plan_merge(
    session: Session,
    ours: str,
    theirs: str,
    *more: str,
    base: str | None = None,
    strict: bool = False,
) -> PlanMergeResult | PlanMergesResult: ...


def plan_merge(
    session: Session,
    ours: str,
    theirs: str,
    *more: str,
    base: str | None = None,
    strict: bool = False,
) -> PlanMergeResult | PlanMergesResult:
    """Say what merging ``theirs`` into ``ours`` would ask for. Nothing is written.

    Both are compared with their merge base, or with ``base``. Where several merge bases exist
    git unites them for its own verdict, and the symbols are compared with the first. With ``more``
    revisions each two of all are looked at, and those that need it are told.

    Raises BadInput; Stopped when ``strict`` and there is a conflict, with the answer in its
    ``result``.
    """
    if more:
        if base is not None:
            raise BadInput("--base goes with two revisions", "each two of several have their own")
        return plan_merges(session, [ours, theirs, *more], strict=strict)
    # What reads source is not loaded by those who only ask for help.
    from git_muse_coord.source.merging.planned_merge import PlannedMerge
    from git_muse_coord.source.merging.shared_trees import SharedTrees

    git = session.repository.git
    our_commit = commit(git, ours)
    their_commit = commit(git, theirs)
    given_base: str | None = None
    if base is not None:
        given_base = commit(git, base)
        bases = [given_base]
    else:
        bases = common_bases(git, our_commit, their_commit)
    first_base = bases[0]
    with Merges(session.repository) as merges:
        # Without a base that somebody gave, git unites several ones by itself.
        (merged,) = merges.pairs([(our_commit, their_commit)], given_base)
        if merged.problem:
            raise BadInput(f"git cannot merge the two: {merged.problem}")
        shared = SharedTrees(session.sources())
        session.progress("comparing our side with the base")
        our_side = shared.side("ours", first_base, our_commit)
        session.progress("comparing their side with the base")
        their_side = shared.side("theirs", first_base, their_commit)
        merge = PlannedMerge(
            shared,
            merges,
            merged,
            our_side,
            their_side,
        )
        items = merge.items()
    imports = [*our_side.imports, *their_side.imports]
    warnings = list(_crossed(bases))
    warnings += _unparsed(our_side, their_side)
    warnings += about_imports(imports)
    paths = [conflict.path for conflict in merged.conflicts]
    conflicts = sum(item.is_conflict for item in items)
    result = PlanMergeResult(
        base=first_base,
        ours=our_commit,
        theirs=their_commit,
        total_symbols=len(items),
        conflicts=conflicts,
        clean=len(items) - conflicts,
        git_conflicts=tuple(paths),
        items=tuple(map(planned, items)),
        warnings=warnings,
    )
    if strict and (conflicts or result.git_conflicts):
        raise _stopped(result)
    return result


def _crossed(bases: Sequence[str]) -> Iterator[str]:
    if len(bases) > 1:
        yield f"the two have {len(bases)} merge bases, which git unites; the symbols are compared with {bases[0][:12]}"


def _unparsed(ours: Side, theirs: Side) -> Iterator[str]:
    paths = sorted(ours.code.broken | theirs.code.broken)
    if paths:
        yield f"not read in full, because it does not parse: {few(paths)}"


def _stopped(result: PlanMergeResult) -> Stopped:
    sentences: list[str] = []
    if result.conflicts:
        sentences.append(f"{result.conflicts:,} of {result.total_symbols:,} symbols conflict")
    if result.git_conflicts:
        sentences.append(f"git conflicts in {few(result.git_conflicts)}")
    return Stopped("; ".join(sentences), "see the items for what to do", result)
