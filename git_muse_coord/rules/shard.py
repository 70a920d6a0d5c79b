"""Which files belong together, and what a division of them into zones of work costs.

Three things tie files: one uses the other, they were changed by the same commits, they lie in one
directory. How a graph is cut is the business of ``partition``.
"""

from __future__ import annotations

from collections.abc import (
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from itertools import combinations
from math import sqrt
from operator import itemgetter
from typing import NamedTuple

from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.rules.division import Parts
from git_muse_coord.rules.weighted import Weighted, WeightedEdge

BULK = 30
"""A commit that changes more files than this says nothing about which belong together."""

_SCALE = 10_000_000
"""The sum of each sort of ties, as whole numbers: so large that rounding does not count."""
_HUB_USERS = 5
"""A hub has at least this many users, in however small a project."""
_MOST_USES = 5.0
"""A file counts as using another at most this much."""

_Pair = tuple[str, str]
"""Two files."""
Uses = Mapping[_Pair, float]
"""How much a file uses another, by (user, used)."""
_Numbers = Mapping[str, int]
"""A number for each file that is divided: its weight, its vertex, or its part."""
Commits = Iterable[Sequence[str]]
"""The paths that each commit changes."""
Tie = tuple[int, int, float]
"""Two vertices, and how much they belong together."""


class Zone(NamedTuple):
    """Files for one agent. ``coupling`` is the share of the uses from or to its files that cross its border."""

    files: tuple[str, ...]
    symbols: int
    coupling: float


class Hub(NamedTuple):
    """A file that is used from most zones, in whichever it lies; its symbols are better reserved one by one."""

    path: str
    users: int
    zones: int


class Zones(NamedTuple):
    """Zones that hold each file once, the heaviest uses inside.

    ``crossing`` and ``uses`` count pairs of files, one of which uses the other; ``balance`` is the
    lightest zone over the heaviest, by symbols.
    """

    zones: tuple[Zone, ...]
    crossing: int
    uses: int
    balance: float
    hubs: tuple[Hub, ...]


def web(
    symbols: _Numbers,
    uses: Uses,
    commits: Commits = (),
    directories: bool = True,
) -> Weighted:
    """The ties among files as a graph: first the files in their order, then a vertex without weight a directory.

    ``symbols`` gives the weight of each file. Uses, commits and directories matter alike, whatever
    their numbers.
    """
    number_of: dict[str, int] = {}
    for number, path in enumerate(symbols):
        number_of[path] = number
    weights = list(symbols.values())
    # Where no file has symbols each weighs the same: else there would be nothing to balance.
    if not any(weights):
        weights = [1] * len(weights)
    by_use = _ties_by_use(uses, number_of)
    by_commit = _ties_by_commit(commits, number_of)
    # Each sort comes to one sum by itself: else the sort with the most ties would decide alone.
    edges = _in_shares(by_use)
    edges += _in_shares(by_commit)
    if directories:
        by_directory, directory_count = _ties_by_directory(number_of)
        weights += [0] * directory_count
        edges += _in_shares(by_directory)
    return Weighted.of(weights, edges)


def zones(
    symbols: _Numbers,
    uses: Uses,
    parts: Parts,
) -> Zones:
    """What the parts of ``web`` mean. A part without files is left out."""
    # The vertices behind those of the files are directories, which are not divided.
    part_of = dict(zip(symbols, parts, strict=False))
    files: dict[int, list[str]] = defaultdict(list)
    for path in sorted(symbols):
        part = part_of[path]
        files[part].append(path)
    pairs = _pairs(uses, part_of)
    touching: dict[int, int] = defaultdict(int)
    crossing: dict[int, int] = defaultdict(int)
    cut = 0
    for user, used in pairs:
        ends = {part_of[user], part_of[used]}
        is_cut = len(ends) == 2
        cut += is_cut
        for part in ends:
            touching[part] += 1
            crossing[part] += is_cut
    made: list[Zone] = []
    # By their first files, so that zones come in one order whatever the numbers of their parts are.
    by_files = sorted(files.items(), key=itemgetter(1))
    for part, paths in by_files:
        # A zone that uses nothing and is used by nothing is coupled to nothing.
        all_uses = touching[part] or 1
        coupling = crossing[part] / all_uses
        load = sum(map(symbols.__getitem__, paths))
        zone = Zone(tuple(paths), load, coupling)
        made.append(zone)
    hubs = _hubs(uses, part_of, len(made))
    return Zones(
        zones=tuple(made),
        crossing=cut,
        uses=len(pairs),
        balance=_balance(made),
        hubs=tuple(hubs),
    )


def _balance(made: Iterable[Zone]) -> float:
    loads = [zone.symbols for zone in made]
    # Zones of files without symbols all weigh nothing, and so the same.
    if not any(loads):
        return 1.0
    lightest = min(loads)
    heaviest = max(loads)
    return lightest / heaviest


def _pairs(uses: Uses, known: _Numbers) -> set[_Pair]:
    """The pairs of files of which one uses the other, in whichever direction."""
    pairs: set[_Pair] = set()
    for user, used in _between_files(uses, known):
        first, second = sorted((user, used))
        pairs.add((first, second))
    return pairs


def _between_files(uses: Uses, known: _Numbers) -> Iterator[_Pair]:
    """Who uses whom, of two different files that are known."""
    for user, used in uses:
        if user == used:
            continue
        if user in known and used in known:
            yield user, used


def _hubs(
    uses: Uses,
    part_of: _Numbers,
    count: int,
) -> list[Hub]:
    users_of: dict[str, set[str]] = defaultdict(set)
    for user, used in _between_files(uses, part_of):
        users_of[used].add(user)
    # The more files there are, the more users has any file that is good for something.
    usual_users = 2 * sqrt(len(part_of))
    enough_users = max(_HUB_USERS, usual_users)
    enough_zones = max(1, count / 2)
    hubs: list[Hub] = []
    for path, users in users_of.items():
        if len(users) < enough_users:
            continue
        zones_of_users = set(map(part_of.__getitem__, users))
        if len(zones_of_users) > enough_zones:
            hub = Hub(path, len(users), len(zones_of_users))
            hubs.append(hub)
    hubs.sort(key=_most_used_first)
    return hubs


def _most_used_first(hub: Hub) -> tuple[int, str]:
    return -hub.users, hub.path


def _ties_by_use(uses: Uses, number_of: _Numbers) -> list[Tie]:
    """A file that many use ties each of them the less: all together as much as one user."""
    known: dict[_Pair, float] = {}
    users: dict[str, int] = defaultdict(int)
    for (user, used), amount in uses.items():
        if user in number_of and used in number_of:
            known[user, used] = amount
            users[used] += 1
    ties: list[Tie] = []
    for (user, used), amount in known.items():
        counted = min(amount, _MOST_USES)
        share = counted / users[used]
        tie = number_of[user], number_of[used], share
        ties.append(tie)
    return ties


def _ties_by_commit(commits: Commits, number_of: _Numbers) -> list[Tie]:
    """A commit ties each of its files to the others, in all as much as they are."""
    together: dict[tuple[int, int], float] = defaultdict(float)
    for paths in commits:
        count = len(paths)
        if not 2 <= count <= BULK:
            continue
        share = 1 / (count - 1)
        # What is gone, or is no code, counts in the share, but is tied to nothing.
        known = number_of.keys() & set(paths)
        numbers = sorted(map(number_of.__getitem__, known))
        for pair in combinations(numbers, 2):
            together[pair] += share
    ties: list[Tie] = []
    for (left, right), amount in together.items():
        ties.append((left, right, amount))
    return ties


def _ties_by_directory(number_of: _Numbers) -> tuple[list[Tie], int]:
    """A tie from every file and directory to the directory around it, and how many directories there are."""
    directories: dict[str, int] = {}
    ties: list[Tie] = []
    for path, number in number_of.items():
        inner = number
        while path:
            path, _, _ = path.rpartition("/")
            is_new = path not in directories
            next_number = len(number_of) + len(directories)
            outer = directories.setdefault(path, next_number)
            tie = (inner, outer, 1.0)
            ties.append(tie)
            # What is around a directory that was met before is tied already.
            if not is_new:
                break
            inner = outer
    return ties, len(directories)


def _in_shares(ties: Sequence[Tie]) -> list[WeightedEdge]:
    """The same ties as whole numbers, of one sum."""
    total = sum(amount for _, _, amount in ties)
    edges: list[WeightedEdge] = []
    for left, right, amount in ties:
        share = round(amount / total * _SCALE)
        # At least 1, because a tie of nothing would be no tie.
        weight = max(1, share)
        edges.append((left, right, weight))
    return edges
