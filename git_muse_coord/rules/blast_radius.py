"""Which announced work is called by other announced work, over at most two steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice, product

from git_muse_coord.model.address import Address, Key
from git_muse_coord.model.light import NamedTuple
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.model.wording import and_more
from git_muse_coord.rules.breakage import breakage
from git_muse_coord.rules.prediction import (
    BLAST_RADIUS,
    Prediction,
    all_of,
    holding,
    predicted,
)
from git_muse_coord.rules.stakes import Ground, Stake
from git_muse_coord.rules.uses import Use, UseEdge, UseGraph

_CALLS = frozenset({Use.CALL, Use.BASE})
_HUB = 200
"""What is used from more places is not followed further: everything would be near to everything."""


_FACING_MOST = 2500
"""Of more pairs of holders at the two ends of one way the rest is not told apart."""


class _Way(NamedTuple):
    """From a symbol back over its users; the line is that of the use in the last one."""

    confidence: float
    keys: tuple[Key, ...]
    line: int

    def is_better_than(self, other: _Way) -> bool:
        """Shorter, or as short and surer: what is told must be the easiest to follow."""
        if len(self.keys) != len(other.keys):
            return len(self.keys) < len(other.keys)
        return self.confidence > other.confidence

    def __str__(self) -> str:
        user_first = reversed(self.keys)
        names_of_users = map(_name, user_first)
        names = " → ".join(names_of_users)
        path = self.keys[-1][0]
        return f"{names} ({path}:{self.line})"


class _Reach(NamedTuple):
    """A change by one holder, the taker, and the way from it to what another, the user, holds."""

    chance: float
    changed: Address
    taker: Stake
    used_by: Address
    user: Stake
    way: _Way

    def is_worse_than(self, other: _Reach) -> bool:
        """Likelier, or as likely and easier to follow."""
        if self.chance != other.chance:
            return self.chance > other.chance
        return self.way.is_better_than(other.way)

    def predicted(self, more: int) -> Prediction:
        """What is told of it, and of how many more ways there are between the two."""
        uses = f"which uses {self.changed} of {all_of([self.taker])}"
        description = f"{holding([self.user])} {self.used_by}, {uses}: {self.way}"
        if more:
            description += f"; {and_more(more)} such between them"
        return predicted(
            BLAST_RADIUS,
            (self.changed, self.used_by),
            (self.taker, self.user),
            self.chance,
            description,
        )


def blast_radius(ground: Ground, graph: UseGraph) -> Iterator[Prediction]:
    """Pass blast_radius_overlap: what one holder announced is called by what another did; once for each two holders."""
    paths_of = _paths_of(ground)
    worst: dict[frozenset[str], _Reach] = {}
    counts: Counter[frozenset[str]] = Counter()
    for pair, way in _reached(ground, graph).items():
        changed, used_by = pair
        facing = product(ground.at[changed], ground.at[used_by])
        for taker, user in islice(facing, _FACING_MOST):
            # What goes away cannot be broken.
            if taker.party == user.party or user.operation == "delete":
                continue
            is_there = used_by.folded.path in paths_of[taker.party]
            steps = len(way.keys) - 1
            # Both must be so: that the way is right, and that such a change breaks its end.
            breaks = breakage(steps, taker.operation, is_there)
            chance = way.confidence * breaks
            reach = _Reach(
                chance,
                changed,
                taker,
                used_by,
                user,
                way,
            )
            both = frozenset((taker.party, user.party))
            counts[both] += 1
            known = worst.get(both)
            if known is None or reach.is_worse_than(known):
                worst[both] = reach
    for both, reach in worst.items():
        yield reach.predicted(counts[both] - 1)


def _paths_of(ground: Ground) -> dict[str, set[str]]:
    """The files in which each holder announced something."""
    paths: dict[str, set[str]] = defaultdict(set)
    for place, stakes in ground.at.items():
        path = place.folded.path
        for stake in stakes:
            paths[stake.party].add(path)
    return paths


_Ways = dict[tuple[Address, Address], _Way]
"""The best way between two addresses."""


def _reached(ground: Ground, graph: UseGraph) -> _Ways:
    """From what was announced to the other announced things that use it, the best way to each."""
    # Both are asked again and again of the same: what is used in many places leads to many.

    announced = cache(ground.along)

    @cache
    def callers(key: Key) -> list[UseEdge]:
        return _callers(graph, key)

    def is_announced(key: Key) -> bool:
        return bool(announced(key))

    best: _Ways = {}
    for target in graph.targets:
        changed = announced(target)
        if not changed:
            continue
        for way in _ways(target, callers, is_announced):
            last = way.keys[-1]
            users = announced(last)
            for pair in product(changed, users):
                place, user = pair
                # What overlaps is predicted as that, and surer.
                if place.overlaps(user):
                    continue
                known = best.get(pair)
                if known is None or way.is_better_than(known):
                    best[pair] = way
    return best


def _ways(
    target: Key,
    callers: Callable[[Key], list[UseEdge]],
    is_wanted: Callable[[Key], bool],
) -> Iterator[_Way]:
    """The ways from a symbol back to such of its users as are wanted."""
    users = callers(target)
    for user in users:
        if not is_wanted(user.source):
            continue
        keys: tuple[Key, ...] = (target, user.source)
        yield _Way(user.confidence, keys, user.line)
    if len(users) > _HUB:
        return
    for user in users:
        users_of_user = callers(user.source)
        if len(users_of_user) > _HUB:
            continue
        for further in users_of_user:
            source = further.source
            if source == target or not is_wanted(source):
                continue
            # Each step is a guess of its own; both must be right.
            confidence = user.confidence * further.confidence
            keys = (target, user.source, source)
            yield _Way(confidence, keys, further.line)


def _callers(graph: UseGraph, target: Key) -> list[UseEdge]:
    callers: list[UseEdge] = []
    for edge in graph.users_of(target):
        calls_itself = edge.source == target
        if edge.use in _CALLS and not calls_itself:
            callers.append(edge)
    return callers


def _name(key: Key) -> str:
    path, *names = key
    return ".".join(names) or path
