"""What will collide: the passes of the forecast over what was announced, with a measured confidence for each finding.

Pure: who uses whom, which symbols there are and which branches conflict are given. How often the
like came to a conflict is the business of ``evidence``. Pairs are found by address, never by
comparing all with all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import product
from typing import NamedTuple

from git_muse_coord.model import address
from git_muse_coord.model.address import Address, Key, Segment
from git_muse_coord.model.records import UNKNOWN
from git_muse_coord.rules.evidence import Evidence, Touch, breakage, meeting, unrelated
from git_muse_coord.rules.places import Places
from git_muse_coord.rules.state import World
from git_muse_coord.rules.uses import Use, UseEdge, UseGraph

DRASTIC = frozenset({"delete", "rename", "move"})
"""Operations after which an address no longer means what it meant."""
CERTAIN = 1.0
"""The confidence of what is no prediction, because it is so already."""
_NAMED = 3
"""So many runs, or addresses, are named in a sentence."""
_CALLS = frozenset({Use.CALL, Use.BASE})
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


class Prediction(NamedTuple):
    """A conflict that is predicted. ``stakes`` are the ids of the records on which it rests."""

    conflict_type: str
    addresses: tuple[str, ...]
    agents: tuple[str, ...]
    stakes: tuple[str, ...]
    confidence: float
    description: str


Look = Callable[[Address, str | None], Touch]
"""What a holder would touch with an operation on an address, with what is known of the symbol that stands there."""


class BranchClash(NamedTuple):
    """Two branches that git cannot merge by itself; the addresses lie in the hunks that conflict."""

    branches: tuple[str, str]
    addresses: tuple[str, ...]


def stakes(world: World, now: datetime) -> list[Stake]:
    """All that is announced now, oldest first."""
    found = [
        Stake(
            one,
            held.run_id,
            _party(held.run_id, one),
            held.branch,
            held.operation,
            _places(held.addresses),
        )
        for one, held in world.active(now).items()
    ]
    for one, intent in world.active_intents(now).items():
        party = _party(intent.run_id, intent.reservation_id or one)
        found.append(
            Stake(
                one,
                intent.run_id,
                party,
                intent.branch,
                intent.operation,
                _places(intent.addresses),
            )
        )
    return found


def _party(run_id: str, record_id: str) -> str:
    return record_id if run_id == UNKNOWN else f"run {run_id}"


def _places(texts: Iterable[str]) -> tuple[Address, ...]:
    return tuple(map(address.revive_stored, texts))


Operations = tuple[str | None, str | None]


class Met(NamedTuple):
    """Those on two sides who have somebody else on the other side."""

    ones: Sequence[Stake]
    others: Sequence[Stake]

    @classmethod
    def of(cls, ones: Sequence[Stake], others: Sequence[Stake]) -> Met:
        """Without looking at all pairs: many may hold one address."""
        left, right = ({stake.party for stake in side} for side in (ones, others))
        return cls(
            [one for one in ones if not right <= {one.party}],
            [one for one in others if not left <= {one.party}],
        )

    @property
    def everybody(self) -> tuple[Stake, ...]:
        """All who meet, each once."""
        return tuple(dict.fromkeys((*self.ones, *self.others)))

    def where(self, operations: Iterable[Operations]) -> Met:
        """Those who meet with some operations."""
        left, right = (set(some) for some in zip(*operations, strict=True))
        return Met.of(
            [one for one in self.ones if one.operation in left],
            [one for one in self.others if one.operation in right],
        )

    def operations(self) -> Iterator[Operations]:
        """The operations that meet."""
        left, right = _by_operation(self.ones), _by_operation(self.others)
        return (
            (one, other) for one, other in product(left, right) if len(left[one] | right[other]) > 1
        )


def _by_operation(some: Iterable[Stake]) -> dict[str | None, set[str]]:
    parties: dict[str | None, set[str]] = defaultdict(set)
    for stake in some:
        parties[stake.operation].add(stake.party)
    return parties


class Ground:
    """What was announced, by address; one that is spelt in several ways, by the spelling that came first."""

    def __init__(self, announced: Iterable[Stake]) -> None:
        self.at: dict[Address, list[Stake]] = defaultdict(list)
        spellings: dict[Address, Address] = {}
        for stake in announced:
            for place in {
                spellings.setdefault(each.folded, each): None for each in stake.addresses
            }:
                self.at[place].append(stake)
        self._places = Places((place, place) for place in self.at)

    def overlaps(self) -> Iterator[tuple[Address, Address, Met]]:
        """Each pair of addresses of which the second lies at or in the first, with those who meet there."""
        for inner in self.at:
            for outer in self.over(inner):
                if (met := Met.of(self.at[outer], self.at[inner])).ones:
                    yield outer, inner, met

    def over(self, place: Address) -> Iterator[Address]:
        """What is announced at an address or around it."""
        return self._places.around(place)

    def along(self, key: Key) -> Iterator[Address]:
        """What is announced and covers what stands at a path and bare names."""
        return self._places.along(key)

    def exactly(self, key: Key) -> Iterator[Address]:
        """What is announced at a path and bare names."""
        return self._places.exactly(key)


def overlapping(ground: Ground, look: Look) -> Iterator[Prediction]:
    """Passes address_overlap and operation_conflict: two holders announced the same, or one what contains the other."""
    for outer, inner, met in ground.overlaps():
        places = (inner, outer)
        if outer == inner:
            what = f"{_hold(met.ones)} {inner}"
        else:
            what = f"{_hold(met.others)} {inner}, inside {outer} of {_all(met.ones)}"
        operations = list(met.operations())
        yield _finding(
            "address_overlap", places, met, _chance(outer, inner, operations, look), what
        )
        clashing = [pair for pair in operations if not DRASTIC.isdisjoint(pair)]
        if clashing:
            clash = met.where(clashing)
            how = sorted(
                {f"{one.operation or 'work'} by '{one.run_id}'" for one in clash.everybody}
            )
            what = f"{_first(how, ' against ')}: {inner}"
            yield _finding(
                "operation_conflict", places, clash, _chance(outer, inner, clashing, look), what
            )


def _chance(outer: Address, inner: Address, operations: Iterable[Operations], look: Look) -> float:
    """That of the worst pair of operations."""
    found = (meeting(look(outer, one), look(inner, other)) for one, other in operations)
    return max((one.measured.probability for one in found if one is not None), default=unrelated())


def additions(ground: Ground, look: Look) -> Iterator[Prediction]:
    """Pass address_overlap: two holders are about to add different symbols in one container."""
    beside: dict[Key, list[Address]] = defaultdict(list)
    for place in ground.at:
        if place.segments:
            beside[place.folded.key[:-1]].append(place)
    for container, places in beside.items():
        if len(places) < 2 or len(_parties(ground, places)) < 2:
            continue
        touches = {place: look(place, None) for place in places}
        new = [place for place in places if touches[place].verb == "add"]
        if len(new) < 2 or len(_parties(ground, new)) < 2:
            continue
        involved = [stake for place in new for stake in ground.at[place]]
        where = Address(new[0].path, tuple(map(Segment, container[1:])))
        found = meeting(touches[new[0]], touches[new[1]])
        chance = found.measured.probability if found else unrelated()
        what = f"{_all(involved)} each add to {where}"
        yield Prediction(
            "address_overlap", _texts(new), _agents(involved), _ids(involved), chance, what
        )


def adjoining(ground: Ground, look: Look) -> Iterator[Prediction]:
    """Pass address_overlap: two holders announced things of a few lines each, in lines that adjoin."""
    for place in ground.at:
        for name in set(look(place, None).gap or ()) if place.segments else ():
            for other in ground.exactly((*place.key[:-1], name)):
                met = Met.of(ground.at[place], ground.at[other])
                found = meeting(look(place, None), look(other, None))
                if place.key < other.key and met.ones and found and found.evidence is Evidence.NEXT:
                    what = (
                        f"{_hold(met.ones)} {place}, and {_all(met.others)} its neighbour {other}"
                    )
                    chance = _chance(place, other, met.operations(), look)
                    yield _finding("address_overlap", (place, other), met, chance, what)


def _parties(ground: Ground, places: Iterable[Address]) -> set[str]:
    return {stake.party for place in places for stake in ground.at[place]}


class _Way(NamedTuple):
    """From a symbol back over its users; the line is that of the use in the last one."""

    confidence: float
    keys: tuple[Key, ...]
    line: int

    def is_better_than(self, other: _Way) -> bool:
        return (len(self.keys), -self.confidence) < (len(other.keys), -other.confidence)


def blast_radius(ground: Ground, graph: UseGraph) -> Iterator[Prediction]:
    """Pass blast_radius_overlap: what one holder announced is called, over at most two steps, by what another did."""
    for (changed, user), way in _reached(ground, graph).items():
        # what goes away cannot be broken
        met = Met.of(
            ground.at[changed], [one for one in ground.at[user] if one.operation != "delete"]
        )
        if not met.ones:
            continue
        steps = len(way.keys) - 1
        chance = way.confidence * max(
            breakage(steps, operation) for operation, _ in met.operations()
        )
        path = " → ".join(map(_name, reversed(way.keys)))
        what = (
            f"{_hold(met.others)} {user}, which uses {changed} of {_all(met.ones)}:"
            f" {path} ({way.keys[-1][0]}:{way.line})"
        )
        yield _finding("blast_radius_overlap", (changed, user), met, chance, what)


def _reached(ground: Ground, graph: UseGraph) -> dict[tuple[Address, Address], _Way]:
    """From what was announced to the other announced things that use it, the shortest and surest way to each."""

    @cache
    def held(key: Key) -> list[Address]:
        return list(ground.along(key))

    found: dict[tuple[Address, Address], _Way] = {}
    for target in graph.targets:
        if not (changed := held(target)):
            continue
        for way in _ways(graph, target):
            for pair in product(changed, held(way.keys[-1])):
                if not pair[0].overlaps(pair[1]) and (
                    pair not in found or way.is_better_than(found[pair])
                ):
                    found[pair] = way
    return found


def _ways(graph: UseGraph, target: Key) -> Iterator[_Way]:
    users = _callers(graph, target)
    for edge in users:
        yield _Way(edge.confidence, (target, edge.source), edge.line)
    if len(users) > _HUB:
        return
    for edge in users:
        further = _callers(graph, edge.source)
        for second in further if len(further) <= _HUB else ():
            if second.source != target:
                sure = edge.confidence * second.confidence
                yield _Way(sure, (target, edge.source, second.source), second.line)


def _callers(graph: UseGraph, target: Key) -> list[UseEdge]:
    return [edge for edge in graph.users_of(target) if edge.use in _CALLS and edge.source != target]


def _name(key: Key) -> str:
    return ".".join(key[1:]) or key[0]


def dependencies(world: World, now: datetime, begun: Callable[[str], bool]) -> Iterator[Prediction]:
    """Pass dependency_violation: a reservation is at work although what it depends on is not done."""
    active = world.active(now)
    for one, held in active.items():
        for other in held.depends_on:
            first = active.get(other)
            if first is None or _party(first.run_id, other) == _party(held.run_id, one):
                continue
            started = begun(one)
            how = "has begun" if started else "must not begin"
            what = f"'{held.run_id}' {how} before '{first.run_id}', on whom it depends, is done"
            yield Prediction(
                "dependency_violation",
                tuple(sorted({*held.addresses, *first.addresses})),
                tuple(sorted({held.run_id, first.run_id})),
                (one, other),
                CERTAIN if started else unrelated(),
                what,
            )


def branches(clashes: Iterable[BranchClash], announced: Iterable[Stake]) -> Iterator[Prediction]:
    """Pass branch_conflict: branches that git cannot merge by itself as they are now."""
    on: Mapping[str | None, list[Stake]] = defaultdict(list)
    for stake in announced:
        on[stake.branch].append(stake)
    for clash in clashes:
        met = Met.of(*(on[branch] for branch in clash.branches))
        if met.ones:
            one, other = (
                f"{branch} of {_all(side)}"
                for branch, side in zip(clash.branches, met, strict=True)
            )
            what = f"git cannot merge {one} and {other} by itself: {_first(clash.addresses)}"
            yield Prediction(
                "branch_conflict",
                clash.addresses,
                _agents(met.everybody),
                _ids(met.everybody),
                CERTAIN,
                what,
            )


def worst_first(findings: Iterable[Prediction]) -> list[Prediction]:
    """In the order in which they should be read."""
    return sorted(
        findings, key=lambda one: (-one.confidence, one.addresses, one.conflict_type, one.agents)
    )


def _finding(
    kind: str, places: tuple[Address, Address], met: Met, confidence: float, what: str
) -> Prediction:
    return Prediction(
        kind, _texts(places), _agents(met.everybody), _ids(met.everybody), confidence, what
    )


def _texts(places: Iterable[Address]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(str, places)))


def _agents(involved: Iterable[Stake]) -> tuple[str, ...]:
    return tuple(sorted({stake.run_id for stake in involved}))


def _ids(involved: Iterable[Stake]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(stake.id for stake in involved))


def _all(involved: Iterable[Stake]) -> str:
    holders = {stake.party: stake.run_id for stake in involved}
    quoted = [f"'{name}'" for name in sorted(holders.values())]
    if not 1 < len(quoted) <= _NAMED:
        return _first(quoted)
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _hold(involved: Iterable[Stake]) -> str:
    involved = list(involved)
    return f"{_all(involved)} {'hold' if len({stake.party for stake in involved}) > 1 else 'holds'}"


def _first(texts: Sequence[str], between: str = ", ") -> str:
    more = f" and {len(texts) - _NAMED:,} more" if len(texts) > _NAMED else ""
    return between.join(texts[:_NAMED]) + more
