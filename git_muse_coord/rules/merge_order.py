"""In which order branches are merged best, how each of them, and where they meet.

What a merge conflicts in is not guessed here: a trial that is handed in makes the merges.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import Literal, NamedTuple, Protocol

from git_muse_coord.model.address import Address
from git_muse_coord.rules.places import Places
from git_muse_coord.rules.stakes import Stake
from git_muse_coord.rules.state import World
from git_muse_coord.rules.waiting import reachable

EXACT = 8
"""Up to so many branches every order is tried."""
REPLAYED = 10
"""A branch of more commits than this is not replayed one by one."""

StrategyName = Literal["fast-forward", "rebase", "squash", "manual"]
WaitsFor = Mapping[str, Collection[str]]
"""The branches that must be merged before each."""


class TrialMerge(NamedTuple):
    """A branch merged into a state, and the paths that conflict; what stands there then goes into the next state."""

    state: str
    branch: str
    tree: str
    conflicts: tuple[str, ...]


class Trial(Protocol):
    """Merges that are made for the answer alone. States and trees are names that only it understands."""

    def merge(self, pairs: Sequence[tuple[str, str]]) -> Sequence[TrialMerge]:
        """Merge each (state, branch)."""

    def keep(self, outcome: TrialMerge) -> str:
        """The state after a merge."""


class Hotspot(NamedTuple):
    """An address at which several branches or runs are at work."""

    address: str
    branches: tuple[str, ...]
    run_ids: tuple[str, ...]


# who waits for whom


def branches_waited_for(world: World, now: datetime) -> dict[str, set[str]]:
    """The branches that each branch of an active reservation waits for, through all that is known of ``depends_on``.

    What is finished counts, too: its branch may not be merged yet.
    """
    edges = {one: record.depends_on for one, record in world.reservations.items()}
    found: dict[str, set[str]] = {}
    for one, held in world.active(now).items():
        if held.branch is not None and held.depends_on:
            known = (
                world.reservations[other]
                for other in reachable(one, edges)
                if other in world.reservations
            )
            found.setdefault(held.branch, set()).update(
                other.branch for other in known if other.branch not in (None, held.branch)
            )
    return found


def without_cycles(waits_for: WaitsFor) -> tuple[dict[str, set[str]], list[tuple[str, ...]]]:
    """The same without what cannot be kept, and the groups of branches that wait for each other."""
    reached = {one: reachable(one, waits_for) for one in waits_for}
    kept = {
        one: {other for other in others if one not in reached.get(other, ())}
        for one, others in waits_for.items()
    }
    groups = {
        tuple(sorted(other for other in reached[one] if one in reached.get(other, ())))
        for one in waits_for
    }
    return kept, sorted(group for group in groups if len(group) > 1)


# the order


def pairwise_conflicts(
    commits: Mapping[str, str], trial: Trial
) -> dict[str, dict[str, tuple[str, ...]]]:
    """For each branch the others with which it conflicts by itself, and in which paths. ``commits`` are their tips."""
    met: dict[str, dict[str, tuple[str, ...]]] = {one: {} for one in commits}
    pairs = list(combinations(commits, 2))
    for (one, other), outcome in zip(
        pairs, trial.merge([(commits[one], other) for one, other in pairs]), strict=True
    ):
        if outcome.conflicts:
            met[one][other] = met[other][one] = outcome.conflicts
    return met


def in_order(
    branches: Sequence[str],
    waits_for: WaitsFor,
    met: Mapping[str, Collection[str]],
    start: str,
    trial: Trial,
) -> list[TrialMerge]:
    """The merges in the order that conflicts least, dependencies first; of equal ones the first of ``branches`` first.

    Least is the fewest conflicting paths, and then those as late as possible. The next is always
    the one that conflicts least now, and then with fewest of those that remain (``met``); up to
    EXACT branches every order that could be better is tried. ``waits_for`` has no cycles.
    """
    known = {
        one: {other for other in waits_for.get(one, ()) if other in branches} for one in branches
    }
    quick = _greedily(branches, known, met, start, trial)
    if len(branches) > EXACT or not any(one.conflicts for one in quick):
        return quick
    return _exactly(branches, known, start, trial, _cost(quick)) or quick


Cost = tuple[int, int]
"""How many paths conflict, and the same with each counted as often as merges follow, and once."""


def _cost(merges: Sequence[TrialMerge]) -> Cost:
    counts = [len(one.conflicts) for one in merges]
    return sum(counts), sum(count * (len(merges) - step) for step, count in enumerate(counts))


class _Way(NamedTuple):
    """How a set of branches came to be merged."""

    cost: Cost
    places: tuple[int, ...]
    state: str
    merges: tuple[TrialMerge, ...]

    @property
    def done(self) -> frozenset[str]:
        """The branches that are merged."""
        return frozenset(one.branch for one in self.merges)


def _exactly(
    branches: Sequence[str], waits_for: WaitsFor, start: str, trial: Trial, bound: Cost
) -> list[TrialMerge]:
    """The best way to every set of branches, from the sets of one less, as long as it costs no more than the bound.

    A set of branches counts as one state, in whatever order they were merged.
    """
    ways = {frozenset[str](): _Way((0, 0), (), start, ())}
    for left in range(len(branches), 0, -1):
        asked = [(way, one) for done, way in ways.items() for one in branches if one not in done]
        asked = [(way, one) for way, one in asked if way.done.issuperset(waits_for[one])]
        best: dict[frozenset[str], _Way] = {}
        for (way, one), outcome in zip(
            asked, trial.merge([(way.state, one) for way, one in asked]), strict=True
        ):
            count = len(outcome.conflicts)
            cost = (way.cost[0] + count, way.cost[1] + count * left)
            longer = _Way(cost, (*way.places, branches.index(one)), "", (*way.merges, outcome))
            if cost <= bound:
                best[longer.done] = min(best.get(longer.done, longer), longer)
        ways = {done: way._replace(state=trial.keep(way.merges[-1])) for done, way in best.items()}
    return list(next(iter(ways.values())).merges) if ways else []


def _greedily(
    branches: Sequence[str],
    waits_for: WaitsFor,
    met: Mapping[str, Collection[str]],
    start: str,
    trial: Trial,
) -> list[TrialMerge]:
    rest, state = list(branches), start
    merges: list[TrialMerge] = []
    while rest:
        ready = [one for one in rest if not set(rest).intersection(waits_for[one])]
        best = _next(
            ready, {one: len(set(rest).intersection(met[one])) for one in ready}, state, trial
        )
        merges.append(best)
        rest.remove(best.branch)
        state = trial.keep(best)
    return merges


def _next(ready: Sequence[str], later: Mapping[str, int], state: str, trial: Trial) -> TrialMerge:
    """The first of those that conflict least now, and then in fewest of the merges that come ``later``.

    What conflicts neither now nor later cannot be beaten: the others are not even tried, which
    would be the most of the work where there are many branches and few conflicts.
    """
    tried: dict[str, TrialMerge] = {}
    for one in ready:
        if not later[one]:
            (tried[one],) = trial.merge([(state, one)])
            if not tried[one].conflicts:
                return tried[one]
    rest = [one for one in ready if one not in tried]
    tried.update(zip(rest, trial.merge([(state, one) for one in rest]), strict=True))
    return min(
        (tried[one] for one in ready), key=lambda one: (len(one.conflicts), later[one.branch])
    )


# how, and where


class Facts(NamedTuple):
    """What decides how a branch is merged at its turn.

    ``ahead`` are the commits that it brings, ``is_forward`` says that it contains all that was
    merged before, and ``stops_at`` is the first commit that would conflict if they were replayed
    one by one, or why they are not.
    """

    ahead: int
    is_forward: bool
    conflicts: Sequence[str] = ()
    against: Sequence[str] = ()
    stops_at: str | None = None


def strategy(facts: Facts) -> tuple[StrategyName, str]:
    """How to merge a branch, and why."""
    if not facts.ahead:
        return "fast-forward", "brings nothing that is not merged by then"
    commits = f"{facts.ahead:,} commit{'s' if facts.ahead > 1 else ''}"
    if facts.is_forward:
        return "fast-forward", f"{commits} on top of all that is merged by then"
    if facts.conflicts:
        others = f" with {', '.join(facts.against)}" if facts.against else ""
        return "manual", f"conflicts{others} in {', '.join(facts.conflicts)}"
    if facts.stops_at is not None:
        return "squash", f"merges cleanly as a whole, but {facts.stops_at}"
    return (
        "rebase",
        f"{commits}, {'which applies' if facts.ahead == 1 else 'each of which applies'} cleanly",
    )


def hotspots(
    stakes: Sequence[Stake], clashes: Iterable[tuple[Address, Collection[str]]]
) -> list[Hotspot]:
    """Where several parties have announced work, and where some branches conflict; the most contested first."""
    places = Places((place, one) for one in stakes for place in one.addresses)
    found: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for place in {place for one in stakes for place in one.addresses}:
        around = list(places.around(place))
        if len({(one.party, one.branch) for one in around}) > 1:
            branches, runs = found[str(place)]
            branches.update(one.branch for one in around if one.branch is not None)
            runs.update(one.run_id for one in around)
    for place, conflicting in clashes:
        branches, runs = found[str(place)]
        branches.update(conflicting)
        runs.update(one.run_id for one in stakes if one.branch in conflicting)
    spots = [
        Hotspot(one, tuple(sorted(branches)), tuple(sorted(runs)))
        for one, (branches, runs) in found.items()
    ]
    return sorted(spots, key=lambda one: (-len(one.branches), -len(one.run_ids), one.address))
