"""Use case: in which order the branches of all that is announced are merged best, and how each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from git_muse_coord.coordinator.answers.hotspot import HotspotLine, hotspot_lines
from git_muse_coord.coordinator.answers.silent_break import SilentBreak
from git_muse_coord.coordinator.branch_plan import (
    BranchLine,
    BranchPlan,
    StepLine,
    StrategyLine,
)
from git_muse_coord.coordinator.branches_at_work import BranchesAtWork, branch_named
from git_muse_coord.coordinator.dependencies import with_dependencies
from git_muse_coord.coordinator.learning import begin_learning_if_due
from git_muse_coord.coordinator.session import Session, ignored
from git_muse_coord.coordinator.work_under_way import WorkUnderWay
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.results import Result
from git_muse_coord.rules.hotspots import hotspots
from git_muse_coord.rules.merge_order import (
    EXACT,
    branches_waited_for,
)
from git_muse_coord.rules.stakes import Stake, stakes
from git_muse_coord.store.git.branches import Branch, Branches


class ReconcileResult(Result):
    """How everything comes together.

    ``steps`` are the merges in the recommended order with the conflicts that they meet, when each
    conflict is resolved where it occurs. ``exact`` says that no order has fewer. ``breaks`` is what
    git merges without a word although callers break, between two of the branches or one and ``onto``.
    """

    onto: str
    onto_commit: str
    active_reservations: int
    active_intents: int
    branches: tuple[BranchLine, ...]
    recommended_merge_order: tuple[str, ...]
    exact: bool
    steps: tuple[StepLine, ...]
    strategies: dict[str, StrategyLine]
    breaks: tuple[SilentBreak, ...]
    hotspots: tuple[HotspotLine, ...]


def reconcile(
    session: Session,
    *,
    onto: str | None = None,
    branch: Iterable[str] = (),
) -> ReconcileResult:
    """Merge, in memory, the branches of active reservations and intents, and those named by ``branch``.

    So are, unless muse-coord.radar is off, those of this clone on which somebody works who announced
    nothing. They go onto ``onto``, else onto the default branch of the remote, else main, master, or the
    current branch. A branch that an active reservation waits for counts, too, while it is not
    merged. Nothing is written. Raises BadInput.
    """
    now = session.now()
    snapshot = session.store.look()
    world = with_dependencies(snapshot)
    warnings = ignored(snapshot)
    remote = session.remote_name(None)
    known = Branches(session.repository.git, remote)
    target = _target(session, known, onto)
    begin_learning_if_due(session)
    announced = stakes(world, now)
    # What is merged lies in a temporary store of objects, which goes with it.
    with WorkUnderWay(session, announced, is_on=session.settings.radar) as work:
        seen = _seen_on_branches(work)
        at_work = BranchesAtWork(
            known,
            target,
            branch,
            [*announced, *seen],
            branches_waited_for(world, now),
            warnings,
        )
        warnings += work.gaps
        plan = BranchPlan(
            session,
            known,
            work.merges,
            target,
            at_work,
            warnings,
        )
        spots = hotspots(plan.stakes, plan.clashes())
        order = [merge.branch for merge in plan.merges]
        return ReconcileResult(
            onto=target.name,
            onto_commit=target.commit,
            active_reservations=len(world.active(now)),
            active_intents=len(world.active_intents(now)),
            branches=tuple(plan.lines()),
            recommended_merge_order=tuple(order),
            exact=len(order) <= EXACT,
            steps=tuple(plan.steps()),
            strategies=plan.strategies(),
            breaks=tuple(plan.breaks.all),
            hotspots=tuple(hotspot_lines(session, spots)),
            warnings=warnings,
        )


def _seen_on_branches(work: WorkUnderWay) -> Iterator[Stake]:
    """What nobody announced of the branches that hold commits: what is not committed cannot be merged yet."""
    for side, seen in work.unannounced():
        # A side of another name is a worktree, beside the branch that it has checked out.
        is_branch = side.branch == side.name
        if is_branch and side.unmerged:
            yield from seen


def _target(
    session: Session,
    known: Branches,
    onto: str | None,
) -> Branch:
    if onto is not None:
        return branch_named(known, onto)
    default = known.default(session.repository.head().branch)
    if default is None:
        raise BadInput(
            "there is no branch to merge onto yet", "commit something, or name one with --onto"
        )
    return default
