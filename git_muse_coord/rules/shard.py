"""Which files belong together, and what a division of them into zones of work costs.

Three things tie files: one uses the other, they were changed by the same commits, they lie in one
directory. How a graph is cut is the business of ``partition``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from math import sqrt
from typing import NamedTuple

from git_muse_coord.rules.division import Parts, Weighted

BULK = 30
"""A commit that changes more files than this says nothing about which belong together."""

_SCALE = 10_000_000
_HUB_USERS = 5

Uses = Mapping[tuple[str, str], float]
"""How much a file uses another, by (user, used)."""
Commits = Iterable[Sequence[str]]
"""The paths that each commit changes."""


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
    symbols: Mapping[str, int], uses: Uses, commits: Commits = (), directories: bool = True
) -> Weighted:
    """The ties among files as a graph: first the files in their order, then a vertex without weight a directory.

    ``symbols`` gives the weight of each file. Uses, commits and directories matter alike, whatever
    their numbers.
    """
    place = {path: number for number, path in enumerate(symbols)}
    weights = list(symbols.values())
    if not any(weights):
        weights = [1] * len(weights)
    ties = [_shares(_uses(uses, place)), _shares(_changes(commits, place))]
    if directories:
        edges, count = _directories(place)
        weights += [0] * count
        ties.append(_shares(edges))
    return Weighted.of(weights, [tie for some in ties for tie in some])


def zones(symbols: Mapping[str, int], uses: Uses, parts: Parts) -> Zones:
    """What the parts of ``web`` mean. A part without files is left out."""
    files: dict[int, list[str]] = defaultdict(list)
    home = dict(zip(symbols, parts, strict=False))
    for path in sorted(symbols):
        files[home[path]].append(path)
    touching: dict[int, int] = defaultdict(int)
    crossing: dict[int, int] = defaultdict(int)
    known = [(home[one], home[other]) for one, other in _pairs(uses, home)]
    for ends in known:
        for part in set(ends):
            touching[part] += 1
            crossing[part] += ends[0] != ends[1]
    made = [
        Zone(
            tuple(paths),
            sum(symbols[path] for path in paths),
            crossing[part] / (touching[part] or 1),
        )
        for part, paths in sorted(files.items(), key=lambda item: item[1])
    ]
    loads = [zone.symbols for zone in made]
    balance = min(loads) / max(loads) if any(loads) else 1.0
    cut = sum(one != other for one, other in known)
    return Zones(tuple(made), cut, len(known), balance, tuple(_hubs(uses, home, len(made))))


def _pairs(uses: Uses, known: Mapping[str, int]) -> set[tuple[str, str]]:
    return {
        (min(pair), max(pair))
        for pair in uses
        if pair[0] != pair[1] and pair[0] in known and pair[1] in known
    }


def _hubs(uses: Uses, home: Mapping[str, int], count: int) -> list[Hub]:
    users: dict[str, set[str]] = defaultdict(set)
    for user, used in uses:
        if user != used and user in home and used in home:
            users[used].add(user)
    enough = max(_HUB_USERS, 2 * sqrt(len(home)))
    hubs = [
        Hub(path, len(some), len({home[user] for user in some})) for path, some in users.items()
    ]
    wide = [hub for hub in hubs if hub.users >= enough and hub.zones > max(1, count / 2)]
    return sorted(wide, key=lambda hub: (-hub.users, hub.path))


# ties are (vertex, vertex, how much)


def _uses(uses: Uses, place: Mapping[str, int]) -> list[tuple[int, int, float]]:
    """A file that many use ties each of them the less: all together as much as one user."""
    known = {pair: many for pair, many in uses.items() if pair[0] in place and pair[1] in place}
    used: dict[str, int] = defaultdict(int)
    for _, other in known:
        used[other] += 1
    return [
        (place[one], place[other], min(many, 5.0) / used[other])
        for (one, other), many in known.items()
    ]


def _changes(commits: Commits, place: Mapping[str, int]) -> list[tuple[int, int, float]]:
    """A commit ties each of its files to the others, in all as much as they are."""
    together: dict[tuple[int, int], float] = defaultdict(float)
    for paths in commits:
        if 2 <= len(paths) <= BULK:
            for pair in combinations(
                sorted(place[path] for path in set(paths) if path in place), 2
            ):
                together[pair] += 1 / (len(paths) - 1)
    return [(one, other, many) for (one, other), many in together.items()]


def _directories(place: Mapping[str, int]) -> tuple[list[tuple[int, int, float]], int]:
    """A tie from every file and directory to the directory around it, and how many directories there are."""
    found: dict[str, int] = {}
    ties: list[tuple[int, int, float]] = []
    for path, number in place.items():
        inner = number
        while path:
            path = path.rpartition("/")[0]
            is_new = path not in found
            outer = found.setdefault(path, len(place) + len(found))
            ties.append((inner, outer, 1.0))
            if not is_new:
                break
            inner = outer
    return ties, len(found)


def _shares(ties: Sequence[tuple[int, int, float]]) -> list[tuple[int, int, int]]:
    """The same ties as whole numbers, of one sum."""
    total = sum(many for _, _, many in ties)
    return [(one, other, max(1, round(many / total * _SCALE))) for one, other, many in ties]
