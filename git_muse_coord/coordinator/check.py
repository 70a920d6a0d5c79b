"""Use case: does what is about to be committed meet reservations of others."""

from __future__ import annotations

from git_muse_coord.coordinator.answers.checked import CheckResult
from git_muse_coord.coordinator.answers.conflict import in_short
from git_muse_coord.coordinator.comparison import compare
from git_muse_coord.coordinator.freshness import stay_informed
from git_muse_coord.coordinator.merge_check import warnings_of_waiting
from git_muse_coord.model.errors import BadInput, Stopped
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import Reservation
from git_muse_coord.source.changed import comparisons
from git_muse_coord.store.git.trees import Trees

if TYPE_CHECKING:
    from git_muse_coord.coordinator.session import Session

__all__ = ["CheckResult", "check"]


def check(
    session: Session,
    *,
    worktree: bool = False,
    range: str | None = None,  # noqa: A002 - keywords are named like the options
    strict: bool = False,
    run_id: str | None = None,
) -> CheckResult:
    """Compare what the index (or the working tree, or a range of commits) changes with what others hold.

    Raises BadInput; Stopped when ``strict`` and there is a conflict, with the answer in its
    ``result``.
    """
    if worktree and range is not None:
        raise BadInput(
            "the working tree and a range cannot be checked together", "give one of the two"
        )
    trees = Trees(session.repository)
    if not worktree and range is None:
        trees.begin_staged()
    sides = comparisons(trees, worktree=worktree, range=range)
    holder = session.who_reads(run_id)
    snapshot = session.store.look()
    if range is not None and snapshot.index.has(Reservation):
        # most checks are made before a commit
        from git_muse_coord.coordinator.range_authors import check_by_authors

        result = check_by_authors(
            session,
            range,
            list(sides),
            holder,
            snapshot,
        )
    else:
        result = compare(session, sides, holder, snapshot)
    if range is None:
        result.warnings += warnings_of_waiting(session, worktree=worktree)
    stay_informed(session, result)
    if strict and result.conflicts:
        raise Stopped(
            in_short(result.conflict_details),
            "wait for the holder, or ask: git muse-coord tell ID TEXT",
            result,
        )
    return result
