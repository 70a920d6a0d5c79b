"""What will collide: the passes of the forecast over what was announced, with a measured confidence for each finding.

Pure: who uses whom, which symbols there are and which branches conflict are given. How often a kind of overlap became a
conflict is in ``calibration``. Pairs are found by address, never by comparing all with all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import product
from typing import NamedTuple, Protocol

from git_muse_coord.model import address
from git_muse_coord.model.address import Address, Key, Segment
from git_muse_coord.model.records import UNKNOWN
from git_muse_coord.rules.places import Places
from git_muse_coord.rules.state import World

DRASTIC = frozenset({"delete", "rename", "move"})
"""Operations after which an address no longer means what it meant."""
CERTAIN = 1.0
"""The confidence of what is no prediction, because it is so already."""
_HUB = 200
"""What is used from more places is not followed further: everything would be near to everything."""


class Stake(NamedTuple):
    """What a run has announced, by a reservation or an intent.

    ``party`` is the holder: the run id, or, of a run without identity, the id of the reservation.
    """

    id: str
    run_id: str
    party: str
    branch: str | None
    operation: str | None
    addresses: tuple[Address, ...]


class Finding(NamedTuple):
    """A conflict that is predicted. ``stakes`` are the ids of the records on which it rests."""

    conflict_type: str
    addresses: tuple[str, ...]
    agents: tuple[str, ...]
    stakes: tuple[str, ...]
    confidence: float
    description: str


class Edge(Protocol):
    """``source`` uses ``target``; the line is one in the file of ``source``."""

    @property
    def source(self) -> Key: ...
    @property
    def line(self) -> int: ...
    @property
    def use(self) -> str: ...
    @property
    def confidence(self) -> float: ...


class Uses(Protocol):
    """Who uses whom in the tree."""

    @property
    def targets(self) -> Iterable[Key]:
        """All that is used."""

    def users_of(self, target: Key) -> Sequence[Edge]:
        """Where a symbol is used."""


class Rates(Protocol):
    """How often, in measured history, an overlap became a conflict."""

    def overlap(self, outer: Address, inner: Address, one: str | None, other: str | None) -> float:
        """Both sides touch ``inner``, one of them as part of ``outer``; with these operations, as far as known."""

    def gap(self) -> float:
        """Both sides add new symbols in one container."""

    def breakage(self, depth: int, operation: str | None) -> float:
        """A symbol that is changed in this way breaks what uses it, directly or over ``depth`` steps."""

    def base(self) -> float:
        """Two pieces of work that go on at one time, of which nothing more is known."""


class BranchClash(NamedTuple):
    """Two branches that git cannot merge by itself; the addresses lie in the hunks that conflict."""

    branches: tuple[str, str]
    addresses: tuple[str, ...]


def stakes(world: World, now: datetime) -> list[Stake]:
    """All that is announced now, oldest first."""
    found = [
        Stake(one, held.run_id, _party(held.run_id, one), held.branch, held.operation, _places(held.addresses))
        for one, held in world.active(now).items()
    ]
    for one, intent in world.active_intents(now).items():
        party = _party(intent.run_id, intent.reservation_id or one)
        found.append(Stake(one, intent.run_id, party, intent.branch, intent.operation, _places(intent.addresses)))
    return found


def _party(run_id: str, record_id: str) -> str:
    return record_id if run_id == UNKNOWN else f"run {run_id}"


def _places(texts: Iterable[str]) -> tuple[Address, ...]:
    return tuple(map(address.revive, texts))


class Ground:
    """What was announced, by address."""

    def __init__(self, announced: Iterable[Stake]) -> None:
        self.at: dict[Address, list[Stake]] = defaultdict(list)
        for stake in announced:
            for place in stake.addresses:
                self.at[place].append(stake)
        self._places = Places((place, place) for place in self.at)

    def overlaps(self) -> Iterator[tuple[Address, Address, list[tuple[Stake, Stake]]]]:
        """Each pair of addresses of which the first covers the second, with the pairs of holders that meet there."""
        for inner in self.at:
            for outer in self.over(inner):
                if met := self._meetings(outer, inner):
                    yield outer, inner, met

    def over(self, place: Address) -> Iterator[Address]:
        """What is announced and covers an address, itself included."""
        return self._places.covering(place)

    def _meetings(self, outer: Address, inner: Address) -> list[tuple[Stake, Stake]]:
        one, other = self.at[outer], self.at[inner]
        if outer == inner:
            return [(a, b) for number, a in enumerate(one) for b in one[number + 1 :] if a.party != b.party]
        return [(a, b) for a, b in product(one, other) if a.party != b.party]


def overlapping(ground: Ground, rates: Rates) -> Iterator[Finding]:
    """Passes address_overlap and operation_conflict: two holders announced the same, or one what contains the other."""
    for outer, inner, met in ground.overlaps():

        def worst(pairs: Iterable[tuple[Stake, Stake]], outer: Address = outer, inner: Address = inner) -> float:
            return max(rates.overlap(outer, inner, *ops) for ops in {(a.operation, b.operation) for a, b in pairs})

        if outer == inner:
            held = f"{_all(_distinct(stake for pair in met for stake in pair))} hold {inner}"
        else:
            held = f"{_all(_distinct(b for _, b in met))} holds {inner}, inside {outer} of {_all(_distinct(a for a, _ in met))}"
        yield _finding("address_overlap", (inner, outer), met, worst(met), held)
        clashing = [pair for pair in met if _clash(*pair)]
        if clashing:
            what = ", ".join(sorted({_intentions(*pair) for pair in clashing}))
            yield _finding("operation_conflict", (inner, outer), clashing, worst(clashing), f"{what} of {inner}")


def _clash(one: Stake, other: Stake) -> bool:
    return one.operation in DRASTIC or other.operation in DRASTIC


def _intentions(one: Stake, other: Stake) -> str:
    return " against ".join(f"{stake.operation or 'work'} by '{stake.run_id}'" for stake in (one, other))


def additions(ground: Ground, is_new: Callable[[Address], bool], rates: Rates) -> Iterator[Finding]:
    """Pass address_overlap: two holders are about to add different symbols in one container."""
    beside: dict[Key, list[Address]] = defaultdict(list)
    for place in ground.at:
        if place.segments and is_new(place):
            beside[place.key[:-1]].append(place)
    for container, places in beside.items():
        parties = {stake.party for place in places for stake in ground.at[place]}
        outermost = [one for one in places if not any(other != one and other.covers(one) for other in places)]
        if len(outermost) < 2 or len(parties) < 2:
            continue
        involved = [stake for place in outermost for stake in ground.at[place]]
        where = Address(container[0], tuple(map(Segment, container[1:])))
        what = f"{_all(_distinct(involved))} each add to {where}"
        yield Finding("address_overlap", _texts(outermost), _agents(involved), _ids(involved), rates.gap(), what)


class _Reach(NamedTuple):
    """The shortest way from what one holder changes to what another holds."""

    confidence: float
    way: tuple[Key, ...]
    line: int


def blast_radius(ground: Ground, uses: Uses, rates: Rates) -> Iterator[Finding]:
    """Pass blast_radius_overlap: what one holder announced is called, over at most two steps, by what another did."""

    @cache
    def held(key: Key) -> list[Address]:
        return list(ground.over(Address(key[0], tuple(map(Segment, key[1:])))))

    found: dict[tuple[Address, Address], _Reach] = {}
    for target in uses.targets:
        if not (below := held(target)):
            continue
        for way in _ways(uses, target):
            for changed, user in product(below, held(way.way[-1])):
                if changed.overlaps(user):
                    continue
                known = found.get((changed, user))
                if known is None or (len(way.way), -way.confidence) < (len(known.way), -known.confidence):
                    found[changed, user] = way
    for (changed, user), way in found.items():
        met = [
            (a, b)
            for a, b in product(ground.at[changed], ground.at[user])
            if a.party != b.party and b.operation != "delete"  # what goes away cannot be broken
        ]
        if not met:
            continue
        depth = len(way.way) - 1
        rate = max(rates.breakage(depth, operation) for operation in {a.operation for a, _ in met})
        path = " → ".join(map(_name, reversed(way.way)))
        what = (
            f"{_all(_distinct(b for _, b in met))} holds {user}, which uses {changed} of {_all(_distinct(a for a, _ in met))}:"
            f" {path} ({way.way[1][0]}:{way.line})"
        )
        yield _finding("blast_radius_overlap", (changed, user), met, rate * way.confidence, what)


def _ways(uses: Uses, target: Key) -> Iterator[_Reach]:
    users = _callers(uses, target)
    for edge in users:
        yield _Reach(edge.confidence, (target, edge.source), edge.line)
    if len(users) > _HUB:
        return
    for edge in users:
        further = _callers(uses, edge.source)
        if len(further) > _HUB:
            continue
        for second in further:
            if second.source != target:
                yield _Reach(edge.confidence * second.confidence, (target, edge.source, second.source), edge.line)


def _callers(uses: Uses, target: Key) -> list[Edge]:
    return [edge for edge in uses.users_of(target) if edge.use in ("call", "base") and edge.source != target]


def _name(key: Key) -> str:
    return ".".join(key[1:]) or key[0]


def dependencies(world: World, now: datetime, begun: Callable[[str], bool], rates: Rates) -> Iterator[Finding]:
    """Pass dependency_violation: a reservation is at work although what it depends on is not done."""
    active = world.active(now)
    for one, held in active.items():
        for other in held.depends_on:
            first = active.get(other)
            if first is None or _party(first.run_id, other) == _party(held.run_id, one):
                continue
            started = begun(one)
            how = "has begun" if started else "is to be done"
            what = f"'{held.run_id}' {how} before '{first.run_id}', on which it depends, is done"
            yield Finding(
                "dependency_violation",
                tuple(sorted({*held.addresses, *first.addresses})),
                tuple(sorted({held.run_id, first.run_id})),
                (one, other),
                CERTAIN if started else rates.base(),
                what,
            )


def branches(clashes: Iterable[BranchClash], announced: Iterable[Stake]) -> Iterator[Finding]:
    """Pass branch_conflict: branches that git cannot merge by itself as they are now."""
    on: Mapping[str | None, list[Stake]] = defaultdict(list)
    for stake in announced:
        on[stake.branch].append(stake)
    for clash in clashes:
        one, other = (on[branch] for branch in clash.branches)
        met = [(a, b) for a, b in product(one, other) if a.party != b.party]
        if met:
            involved = list(dict.fromkeys(stake for pair in met for stake in pair))
            what = f"git cannot merge {clash.branches[0]} and {clash.branches[1]} by itself"
            yield Finding("branch_conflict", clash.addresses, _agents(involved), _ids(involved), CERTAIN, what)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """In the order in which they should be read."""
    return sorted(findings, key=lambda one: (-one.confidence, one.addresses, one.conflict_type, one.agents))


def _finding(
    kind: str, places: tuple[Address, Address], met: Sequence[tuple[Stake, Stake]], confidence: float, what: str
) -> Finding:
    involved = list(dict.fromkeys(stake for pair in met for stake in pair))
    return Finding(kind, _texts(places), _agents(involved), _ids(involved), confidence, what)


def _texts(places: Iterable[Address]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(str, places)))


def _agents(involved: Iterable[Stake]) -> tuple[str, ...]:
    return tuple(sorted({stake.run_id for stake in involved}))


def _ids(involved: Iterable[Stake]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(stake.id for stake in involved))


def _distinct(involved: Iterable[Stake]) -> list[str]:
    return sorted({stake.run_id for stake in involved})


def _all(names: Sequence[str]) -> str:
    quoted = [f"'{name}'" for name in names[:3]]
    if len(names) > 3:
        return f"{', '.join(quoted)} and {len(names) - 3} more"
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
