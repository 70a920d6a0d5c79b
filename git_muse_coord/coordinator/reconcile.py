"""Use case: in which order the branches of all that is announced are merged best, and how each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from git_muse_coord.coordinator.branches_at_work import Underway, few, named
from git_muse_coord.coordinator.session import Session, ignored
from git_muse_coord.model.address import Address
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.results import Result
from git_muse_coord.rules.forecast import stakes
from git_muse_coord.rules.merge_order import (
    EXACT,
    REPLAYED,
    Facts,
    StrategyName,
    TrialMerge,
    branches_waited_for,
    hotspots,
    in_order,
    pairwise_conflicts,
    strategy,
    without_cycles,
)
from git_muse_coord.rules.state import World
from git_muse_coord.source.merging.conflicting_symbols import standing
from git_muse_coord.source.merging.trial_merges import Trials
from git_muse_coord.store.git.branches import Branch, Branches, Commit
from git_muse_coord.store.git.merges import Merges
from git_muse_coord.store.records.records import Snapshot


@dataclass(kw_only=True, eq=False)
class BranchLine:
    """A branch that is to be merged, by itself.

    ``ahead`` and ``behind`` count commits against the branch that all go onto; ``depends_on`` are
    the branches that its reservations wait for, ``conflicts_with`` those with which it conflicts
    when only the two are merged.
    """

    name: str
    commit: str
    ahead: int
    behind: int
    run_ids: tuple[str, ...]
    depends_on: tuple[str, ...]
    conflicts_with: tuple[str, ...]


@dataclass(kw_only=True, eq=False)
class StepLine:
    """A merge at its place in the order: the paths that conflict then, and with which of the branches before it."""

    branch: str
    conflicts: tuple[str, ...]
    conflicts_with: tuple[str, ...]


@dataclass(kw_only=True, eq=False)
class StrategyLine:
    """How a branch is merged at its place in the order, and why."""

    strategy: StrategyName
    reason: str


@dataclass(kw_only=True, eq=False)
class HotspotLine:
    """An address at which several branches or runs are at work."""

    address: str
    branches: tuple[str, ...]
    run_ids: tuple[str, ...]


@dataclass(kw_only=True, eq=False)
class ReconcileResult(Result):
    """How everything comes together.

    ``steps`` are the merges in the recommended order with the conflicts that they meet, when each
    conflict is resolved where it occurs. ``exact`` says that no order has fewer.
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
    hotspots: tuple[HotspotLine, ...]


def reconcile(
    session: Session, *, onto: str | None = None, branch: Iterable[str] = ()
) -> ReconcileResult:
    """Merge, in memory, the branches of active reservations and intents, and those named by ``branch``.

    They go onto ``onto``, else onto the default branch of the remote, else main, master, or the
    current branch. A branch that an active reservation waits for counts, too, while it is not
    merged. Nothing is written. Raises BadInput.
    """
    now, snapshot = session.now(), session.store.look()
    world = _with_dependencies(snapshot)
    warnings = ignored(snapshot)
    known = Branches(session.repository.git, session.remote_name(None))
    target = _target(session, known, onto)
    announced = stakes(world, now)
    found = Underway(known, target, branch, announced, branches_waited_for(world, now), warnings)
    with Merges(session.repository) as merges:
        plan = _Plan(session, known, merges, target, found, warnings)
        return ReconcileResult(
            onto=target.name,
            onto_commit=target.commit,
            active_reservations=len(world.active(now)),
            active_intents=len(world.active_intents(now)),
            branches=tuple(plan.lines()),
            recommended_merge_order=tuple(one.branch for one in plan.merges),
            exact=len(plan.merges) <= EXACT,
            steps=tuple(plan.steps()),
            strategies=plan.strategies(),
            hotspots=tuple(
                HotspotLine(**one._asdict()) for one in hotspots(found.stakes, plan.clashes())
            ),
            warnings=warnings,
        )


def _target(session: Session, known: Branches, onto: str | None) -> Branch:
    if onto is not None:
        return named(known, onto)
    if found := known.default(session.repository.head().branch):
        return found
    raise BadInput(
        "there is no branch to merge onto yet", "commit something, or name one with --onto"
    )


class _Plan:
    """The merges, made in memory."""

    def __init__(
        self,
        session: Session,
        known: Branches,
        merges: Merges,
        target: Branch,
        found: Underway,
        warnings: list[str],
    ) -> None:
        self._session = session
        self._merges = merges
        self._known = known
        self._target = target
        self._found = found
        session.progress(f"merging {len(found.branches):,} branches in memory")
        alone = self._alone(warnings)
        tips = {name: found.branches[name].commit for name in alone}
        self._alone_conflicts = alone
        self._distances = {
            name: known.distance(target.commit, commit) for name, commit in tips.items()
        }
        for name in found.only_waited_for & tips.keys():
            if not self._distances[name][0]:
                del tips[name]
        order = sorted(tips, key=lambda name: (self._distances[name][0], name))
        self._tips = {name: tips[name] for name in order}
        self._trials = Trials(merges, self._tips)
        self.met = pairwise_conflicts(self._tips, self._trials)
        self._waits_for, circles = without_cycles(
            {name: found.waits_for.get(name, set()) for name in order}
        )
        warnings += [
            f"{few(some)} wait for each other; their order follows the conflicts alone"
            for some in circles
        ]
        session.progress(f"looking for the best order of {len(order):,} branches")
        self.merges = in_order(order, self._waits_for, self.met, target.commit, self._trials)

    def lines(self) -> Iterator[BranchLine]:
        """The branches, each by itself."""
        for name, commit in sorted(self._tips.items()):
            ahead, behind = self._distances[name]
            yield BranchLine(
                name=name,
                commit=commit,
                ahead=ahead,
                behind=behind,
                run_ids=self._found.runs(name),
                depends_on=tuple(
                    sorted(self._found.waits_for.get(name, set()) & self._tips.keys())
                ),
                conflicts_with=tuple(sorted(self.met[name])),
            )

    def steps(self) -> Iterator[StepLine]:
        """The merges in their order."""
        for number, one in enumerate(self.merges):
            yield StepLine(
                branch=one.branch, conflicts=one.conflicts, conflicts_with=self._against(number)
            )

    def strategies(self) -> dict[str, StrategyLine]:
        """How each branch is merged at its turn."""
        found: dict[str, StrategyLine] = {}
        for number, one in enumerate(self.merges):
            name, reason = strategy(self._facts(number, one))
            found[one.branch] = StrategyLine(strategy=name, reason=reason)
        return found

    def clashes(self) -> Iterator[tuple[Address, tuple[str, str]]]:
        """The symbols in the lines in which two branches conflict, or the files, and the branches."""
        pairs = [pair for pair in combinations(self._tips, 2) if pair[1] in self.met[pair[0]]]
        conflicts = [self._trials.conflicts(self._tips[one], other) for one, other in pairs]
        for pair, places in zip(
            pairs, standing(self._session.sources(), self._merges, conflicts), strict=True
        ):
            yield from ((place, pair) for place in places)

    def _alone(self, warnings: list[str]) -> dict[str, set[str]]:
        """What each branch conflicts in by itself; those that git would not merge at all are left out, and told."""
        branches = self._found.branches
        merged = self._merges.pairs(
            [(self._target.commit, one.commit) for one in branches.values()]
        )
        alone: dict[str, set[str]] = {}
        for name, one in zip(branches, merged, strict=True):
            if not one.problem:
                alone[name] = {each.path for each in one.conflicts}
                continue
            what = f"git will not merge {name} onto {self._target.name}: {one.problem}"
            if branches[name] in self._found.asked:
                raise BadInput(
                    what,
                    "in a shallow clone, git fetch --unshallow; else name branches that are related",
                )
            warnings.append(what)
        return alone

    def _against(self, number: int) -> tuple[str, ...]:
        """What was there before and conflicts in the same paths."""
        step = self.merges[number]
        paths = set(step.conflicts)
        before = [one.branch for one in self.merges[:number]]
        found = [name for name in before if paths.intersection(self.met[step.branch].get(name, ()))]
        onto = [self._target.name] if paths & self._alone_conflicts[step.branch] else []
        return (*onto, *found)

    def _facts(self, number: int, one: TrialMerge) -> Facts:
        before = [
            self._target.commit,
            *(self._tips[earlier.branch] for earlier in self.merges[:number]),
        ]
        commits = self._known.commits(self._tips[one.branch], before)
        if not commits or one.conflicts or self._trials.is_forward(one):
            return Facts(len(commits), not one.conflicts, one.conflicts, self._against(number))
        return Facts(len(commits), False, stops_at=self._obstacle(one, commits))

    def _obstacle(self, one: TrialMerge, commits: Sequence[Commit]) -> str | None:
        """Why the commits of a branch are not replayed one by one."""
        if any(len(each.parents) != 1 for each in commits):
            return "holds merges, which cannot be replayed"
        if len(commits) > REPLAYED:
            return f"has {len(commits):,} commits, too many to replay one by one"
        stop = self._trials.first_stop(one.state, commits) if len(commits) > 1 else None
        return f"replayed one by one its commit {stop.id[:10]} conflicts" if stop else None


def _with_dependencies(snapshot: Snapshot) -> World:
    """The records, with those of the archive that one of them waits for."""
    world = snapshot.world()
    named = {one for record in world.reservations.values() for one in record.depends_on}
    absent = [one for one in named if one not in world.reservations]
    return snapshot.world(absent) if absent else world
