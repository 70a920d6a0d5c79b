"""The branches that are under way, merged in memory: each by itself, each two, and all in the best order."""

from __future__ import annotations

from collections.abc import (
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from itertools import combinations

from git_muse_coord.coordinator.branches_at_work import BranchesAtWork
from git_muse_coord.coordinator.session import Session
from git_muse_coord.coordinator.sibling_breaks import SiblingBreaks
from git_muse_coord.model.address import Address
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.wording import few
from git_muse_coord.rules.merge_order import (
    TrialMerge,
    in_order,
    pairwise_conflicts,
    without_cycles,
)
from git_muse_coord.rules.merge_strategy import (
    REPLAYED,
    Facts,
    StrategyName,
    strategy,
)
from git_muse_coord.rules.stakes import Stake
from git_muse_coord.source.merging.conflicting_symbols import symbols_in_conflict
from git_muse_coord.source.merging.trial_merges import TrialMerges
from git_muse_coord.store.git.branches import Branch, Branches, Commit
from git_muse_coord.store.git.merges import Merges


class BranchLine(Declared):
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


class StepLine(Declared):
    """A merge at its place in the order: the paths that conflict then, and with which of the branches before it.

    ``breaks_with`` are those before it with which git merges it, but the result breaks: see ``breaks``.
    """

    branch: str
    conflicts: tuple[str, ...]
    conflicts_with: tuple[str, ...]
    breaks_with: tuple[str, ...]


class StrategyLine(Declared):
    """How a branch is merged at its place in the order, and why."""

    strategy: StrategyName
    reason: str


class BranchPlan:
    """The merges, made in memory: of each branch by itself, of each two, and of all in the best order."""

    def __init__(
        self,
        session: Session,
        known: Branches,
        merges: Merges,
        target: Branch,
        at_work: BranchesAtWork,
        warnings: list[str],
    ) -> None:
        self._session = session
        self._merges = merges
        self._known = known
        self._target = target
        self._at_work = at_work
        session.progress(f"merging {len(at_work.branches):,} branches in memory")
        self._conflicts_alone = self._merge_each_alone(warnings)
        self._distances = self._distances_from_target(self._conflicts_alone)
        self._tips = self._tips_to_merge()
        self._trials = TrialMerges(merges, self._tips)
        self.met = pairwise_conflicts(self._tips, self._trials)
        waits_for = self._waits_without_cycles(warnings)
        session.progress(f"looking for the best order of {len(self._tips):,} branches")
        self.merges = in_order(
            list(self._tips),
            waits_for,
            self.met,
            target.commit,
            self._trials,
        )
        branches = {name: at_work.branches[name] for name in self._tips}
        self.breaks = SiblingBreaks(
            session,
            merges,
            target,
            branches,
            warnings,
        )

    @property
    def stakes(self) -> list[Stake]:
        """What was announced on the branches to merge; the rest meets nothing in these merges."""
        return [stake for stake in self._at_work.stakes if stake.branch in self._tips]

    def lines(self) -> Iterator[BranchLine]:
        """The branches, each by itself."""
        for name, commit in sorted(self._tips.items()):
            ahead, behind = self._distances[name]
            waits_for = self._at_work.waits_for.get(name, set())
            depends_on = sorted(waits_for & self._tips.keys())
            conflicts_with = sorted(self.met[name])
            yield BranchLine(
                name=name,
                commit=commit,
                ahead=ahead,
                behind=behind,
                run_ids=self._at_work.runs(name),
                depends_on=tuple(depends_on),
                conflicts_with=tuple(conflicts_with),
            )

    def steps(self) -> Iterator[StepLine]:
        """The merges in their order."""
        for number, merge in enumerate(self.merges):
            yield StepLine(
                branch=merge.branch,
                conflicts=merge.conflicts,
                conflicts_with=self._conflicting_before(number),
                breaks_with=self._breaking_before(number),
            )

    def strategies(self) -> dict[str, StrategyLine]:
        """How each branch is merged at its turn."""
        lines: dict[str, StrategyLine] = {}
        for number, merge in enumerate(self.merges):
            facts = self._facts(number, merge)
            name, reason = strategy(facts)
            lines[merge.branch] = StrategyLine(strategy=name, reason=reason)
        return lines

    def clashes(self) -> Iterator[tuple[Address, tuple[str, str]]]:
        """The symbols in the lines in which two branches conflict, or the files, and the branches."""
        pairs = []
        conflicts = []
        for first, second in combinations(self._tips, 2):
            if second not in self.met[first]:
                continue
            pairs.append((first, second))
            tip = self._tips[first]
            conflicts.append(self._trials.conflicts(tip, second))
        # All at once: their files are read together, which costs one pass over the contents.
        places = symbols_in_conflict(self._session.sources(), self._merges, conflicts)
        for pair, addresses in zip(pairs, places, strict=True):
            for address in addresses:
                yield address, pair

    def _merge_each_alone(self, warnings: list[str]) -> dict[str, set[str]]:
        """What each branch conflicts in by itself; those that git would not merge at all are left out, and told."""
        branches = list(self._at_work.branches.values())
        pairs: list[tuple[str, str]] = []
        for branch in branches:
            pairs.append((self._target.commit, branch.commit))
        merges = self._merges.pairs(pairs)
        alone: dict[str, set[str]] = {}
        for branch, merged in zip(branches, merges, strict=True):
            if not merged.problem:
                alone[branch.name] = {conflict.path for conflict in merged.conflicts}
                continue
            refusal = f"git will not merge {branch.name} onto {self._target.name}: {merged.problem}"
            # Who asked for it is told at once; others must not be stopped by what somebody announced.
            if branch in self._at_work.asked:
                raise BadInput(
                    refusal,
                    "in a shallow clone, git fetch --unshallow; else name branches that are related",
                )
            warnings.append(refusal)
        return alone

    def _distances_from_target(self, names: Iterable[str]) -> dict[str, tuple[int, int]]:
        distances: dict[str, tuple[int, int]] = {}
        for name in names:
            tip = self._at_work.branches[name].commit
            distances[name] = self._known.distance(self._target.commit, tip)
        return distances

    def _tips_to_merge(self) -> dict[str, str]:
        """The commits of the branches, those with the fewest commits first: so it stays where nothing else decides."""

        def by_size(name: str) -> tuple[int, str]:
            ahead, _ = self._distances[name]
            return ahead, name

        tips: dict[str, str] = {}
        for name in sorted(self._distances, key=by_size):
            ahead, _ = self._distances[name]
            # A branch on which nobody works any more and which is merged already has done its part.
            is_merged = ahead == 0
            if is_merged and name in self._at_work.only_waited_for:
                continue
            tips[name] = self._at_work.branches[name].commit
        return tips

    def _waits_without_cycles(self, warnings: list[str]) -> Mapping[str, set[str]]:
        waits_for: dict[str, set[str]] = {}
        for name in self._tips:
            waits_for[name] = self._at_work.waits_for.get(name, set())
        acyclic, circles = without_cycles(waits_for)
        for circle in circles:
            warnings.append(
                f"{few(circle)} wait for each other; their order follows the conflicts alone"
            )
        return acyclic

    def _conflicting_before(self, number: int) -> tuple[str, ...]:
        """What was there before a merge and conflicts in the same paths."""
        merge = self.merges[number]
        paths = set(merge.conflicts)
        met = self.met[merge.branch]
        names: list[str] = []
        if paths & self._conflicts_alone[merge.branch]:
            names.append(self._target.name)
        for earlier in self.merges[:number]:
            paths_met = met.get(earlier.branch, ())
            if paths.intersection(paths_met):
                names.append(earlier.branch)
        return tuple(names)

    def _breaking_before(self, number: int) -> tuple[str, ...]:
        """What was there before a merge and breaks with it."""
        before = [self._target.name]
        for earlier in self.merges[:number]:
            before.append(earlier.branch)
        branch = self.merges[number].branch
        return tuple(self.breaks.partners(branch, before))

    def _facts(self, number: int, merge: TrialMerge) -> Facts:
        merged_before = [self._target.commit]
        for earlier in self.merges[:number]:
            merged_before.append(self._tips[earlier.branch])
        tip = self._tips[merge.branch]
        commits = self._known.commits(tip, merged_before)
        count = len(commits)
        is_clean = not merge.conflicts
        if not commits or not is_clean or self._trials.is_forward(merge):
            against = self._conflicting_before(number)
            return Facts(count, is_clean, merge.conflicts, against)
        # Replaying is tried last: it merges each commit by itself.
        obstacle = self._obstacle(merge, commits)
        return Facts(count, False, stops_at=obstacle)

    def _obstacle(self, merge: TrialMerge, commits: Sequence[Commit]) -> str | None:
        """Why the commits of a branch are not replayed one by one; None where they can be."""
        for commit in commits:
            if len(commit.parents) != 1:
                return "holds merges, which cannot be replayed"
        if len(commits) > REPLAYED:
            return f"has {len(commits):,} commits, too many to replay one by one"
        if len(commits) == 1:
            return None  # its replay is the merge itself, of which we know that it goes well
        stop = self._trials.first_stop(merge.state, commits)
        if stop is None:
            return None
        return f"replayed one by one its commit {stop.id[:10]} conflicts"
