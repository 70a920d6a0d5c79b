"""In which order branches are merged best.

What a merge conflicts in is not guessed here: a trial that is handed in makes the merges. How each
branch is merged at its turn is the business of ``merge_strategy``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple, Protocol

from git_muse_coord.model.light_time import datetime
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.state import World
from git_muse_coord.rules.waiting import reachable

EXACT = 8
"""Every order is tried for at most this many branches: for 8 that is 256 sets, for 9 twice as many."""

WaitsFor = Mapping[str, Collection[str]]
"""The branches that must be merged before each."""
Branches = tuple[str, ...]
"""The names of several branches."""
PathsByBranch = dict[str, tuple[str, ...]]
"""With which other branches one conflicts, and in which paths."""
_Merge = tuple[str, str]
"""A merge to be tried: into which state, and of which branch."""


class TrialMerge(NamedTuple):
    """A branch merged into a state, and the paths that conflict; what stands there then goes into the next state."""

    state: str
    branch: str
    tree: str
    conflicts: tuple[str, ...]


class Trial(Protocol):
    """Merges that are made for the answer alone. States and trees are names that only it understands."""

    def merge(self, pairs: Sequence[_Merge]) -> Sequence[TrialMerge]:
        """Merge each (state, branch)."""

    def keep(self, outcome: TrialMerge) -> str:
        """The state after a merge."""


# What waits for what


def branches_waited_for(world: World, now: datetime) -> dict[str, set[str]]:
    """The branches that each branch of an active reservation waits for, through all that is known of ``depends_on``.

    What is finished counts, too: its branch may not be merged yet.
    """
    depends_on: dict[RecordId, tuple[RecordId, ...]] = {}
    for reservation_id, reservation in world.reservations.items():
        depends_on[reservation_id] = reservation.depends_on
    waits_for: dict[str, set[str]] = {}
    for reservation_id, reservation in world.active(now).items():
        branch = reservation.branch
        if branch is None or not reservation.depends_on:
            continue
        branches = waits_for.setdefault(branch, set())
        for needed_id in reachable(reservation_id, depends_on):
            needed = world.reservations.get(needed_id)
            if needed is None:
                continue
            if needed.branch not in (None, branch):
                branches.add(needed.branch)
    return waits_for


def without_cycles(waits_for: WaitsFor) -> tuple[dict[str, set[str]], list[Branches]]:
    """The same without what cannot be kept, and the groups of branches that wait for each other."""
    waits_in_the_end: dict[str, set[str]] = {}
    for branch in waits_for:
        waits_in_the_end[branch] = reachable(branch, waits_for)
    kept: dict[str, set[str]] = {}
    groups: set[Branches] = set()
    for branch, waited_for in waits_for.items():
        circle: set[str] = set()
        for reached in waits_in_the_end[branch]:
            reached_from_there = waits_in_the_end.get(reached, ())
            if branch in reached_from_there:
                circle.add(reached)
        kept[branch] = set(waited_for) - circle
        # Sorted, so that each of a circle names the same group.
        if len(circle) > 1:
            group = tuple(sorted(circle))
            groups.add(group)
    return kept, sorted(groups)


# The order


def pairwise_conflicts(commits: Mapping[str, str], trial: Trial) -> dict[str, PathsByBranch]:
    """For each branch the others with which it conflicts by itself, and in which paths. ``commits`` are their tips."""
    met: dict[str, PathsByBranch] = {}
    for branch in commits:
        met[branch] = {}
    pairs = list(combinations(commits, 2))
    wanted: list[_Merge] = []
    for first, second in pairs:
        tip = commits[first]
        wanted.append((tip, second))
    # All at once: the trial merges in several processes.
    merges = trial.merge(wanted)
    for pair, merge in zip(pairs, merges, strict=True):
        if not merge.conflicts:
            continue
        first, second = pair
        met[first][second] = merge.conflicts
        met[second][first] = merge.conflicts
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
    known: dict[str, set[str]] = {}
    for branch in branches:
        waited_for = set(waits_for.get(branch, ()))
        known[branch] = waited_for.intersection(branches)
    quick = _greedily(
        branches,
        known,
        met,
        start,
        trial,
    )
    if len(branches) > EXACT:
        return quick
    bound = _cost(quick)
    if bound == _NOTHING:  # no order can be better
        return quick
    best = _exactly(
        branches,
        known,
        start,
        trial,
        bound,
    )
    return best or quick


Cost = tuple[int, int]
"""How many paths conflict, and the same with each counted as often as merges follow, and once."""
_NOTHING: Cost = (0, 0)
"""The cost of merges without conflicts."""


def _cost(merges: Sequence[TrialMerge]) -> Cost:
    paths = 0
    weighted = 0
    for step, merge in enumerate(merges):
        count = len(merge.conflicts)
        paths += count
        # An early conflict costs more: everything behind it is merged onto its resolution.
        left = len(merges) - step
        weighted += count * left
    return paths, weighted


class _Way(NamedTuple):
    """How a set of branches came to be merged. Of two the smaller is the better one."""

    cost: Cost
    places: tuple[int, ...]
    state: str
    merges: tuple[TrialMerge, ...]

    @property
    def done(self) -> frozenset[str]:
        """The branches that are merged."""
        return frozenset(merge.branch for merge in self.merges)

    def followed_by(
        self,
        merge: TrialMerge,
        place: int,
        left: int,
    ) -> _Way:
        """The way that is one merge longer, of the branch at a place, with ``left`` still to come, and itself."""
        count = len(merge.conflicts)
        paths, weighted = self.cost
        paths += count
        weighted += count * left
        return _Way(
            cost=(paths, weighted),
            places=(*self.places, place),
            state="",
            merges=(*self.merges, merge),
        )


def _exactly(
    branches: Sequence[str],
    waits_for: WaitsFor,
    start: str,
    trial: Trial,
    bound: Cost,
) -> list[TrialMerge]:
    """The best way to every set of branches, from the sets of one less, as long as it costs no more than the bound.

    A set of branches counts as one state, in whatever order they were merged: that makes 2^n
    merges of n!.
    """
    beginning = _Way(_NOTHING, (), start, ())
    ways = [beginning]
    for left in range(len(branches), 0, -1):
        shorter_ways: list[_Way] = []
        wanted: list[_Merge] = []
        for way in ways:
            for branch in _ready(way, branches, waits_for):
                shorter_ways.append(way)
                wanted.append((way.state, branch))
        # All of one length at once: the trial merges in several processes.
        merges = trial.merge(wanted)
        best: dict[frozenset[str], _Way] = {}
        for way, merge in zip(shorter_ways, merges, strict=True):
            place = branches.index(merge.branch)
            longer = way.followed_by(merge, place, left)
            if longer.cost > bound:
                continue
            known = best.get(longer.done, longer)
            best[longer.done] = min(known, longer)
        ways = []
        for way in best.values():
            # Only the best way to a set is kept as a state: that writes a tree.
            state = trial.keep(way.merges[-1])
            ways.append(way._replace(state=state))
    if not ways:
        return []
    return list(ways[0].merges)


def _ready(
    way: _Way,
    branches: Sequence[str],
    waits_for: WaitsFor,
) -> list[str]:
    done = way.done
    ready: list[str] = []
    for branch in branches:
        if branch in done:
            continue
        waited_for = waits_for[branch]
        if done.issuperset(waited_for):
            ready.append(branch)
    return ready


def _greedily(
    branches: Sequence[str],
    waits_for: WaitsFor,
    met: Mapping[str, Collection[str]],
    start: str,
    trial: Trial,
) -> list[TrialMerge]:
    rest = list(branches)
    state = start
    merges: list[TrialMerge] = []
    while rest:
        unmerged = set(rest)
        later: dict[str, int] = {}
        for branch in rest:
            if unmerged.isdisjoint(waits_for[branch]):
                conflicting = unmerged.intersection(met[branch])
                later[branch] = len(conflicting)
        best = _next(later, state, trial)
        merges.append(best)
        rest.remove(best.branch)
        state = trial.keep(best)
    return merges


def _next(
    later: Mapping[str, int],
    state: str,
    trial: Trial,
) -> TrialMerge:
    """The first of those that are ready that conflicts least now, and then in fewest of the merges that come ``later``.

    What conflicts neither now nor later cannot be beaten: the others are not even tried, which
    would be the most of the work where there are many branches and few conflicts.
    """
    tried: dict[str, TrialMerge] = {}
    rest: list[_Merge] = []
    for branch, later_conflicts in later.items():
        wanted = (state, branch)
        if later_conflicts:
            rest.append(wanted)
            continue
        (merge,) = trial.merge([wanted])
        if not merge.conflicts:
            return merge
        tried[branch] = merge
    for merge in trial.merge(rest):
        tried[merge.branch] = merge

    def conflicts(branch: str) -> tuple[int, int]:
        now = len(tried[branch].conflicts)
        return now, later[branch]

    # In the order of those that are ready: of equal ones the first is taken.
    best = min(later, key=conflicts)
    return tried[best]
