"""Where pieces of work under way meet that nobody announced, and how probable it is that they conflict in the end."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from git_muse_coord.model.address import Key
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.rules.evidence import (
    Evidence,
    Meeting,
    Touch,
    meetings,
)
from git_muse_coord.rules.forecast import CERTAIN, STILL_AT_THE_END

if TYPE_CHECKING:
    from git_muse_coord.rules.weighing import Weigh

SIDES_MOST = 30
"""So many sides are compared, each with each: those at which somebody was at work last."""
DAYS_MOST = 7
"""What was not touched for so long is under way no more."""
_LEANING = 0.2
"""By so much that share differs between those that meet in nothing likely and those that surely meet."""
CLEAN_HALF_WAY = 0.27
"""How often half-done branches conflict in the end that merge cleanly and meet in what is likely to."""
_SECONDS_A_DAY = 86_400
_NO_MEETING = (Evidence.APART, Evidence.BESIDE)
"""How two sides are related that change the same file, and nothing in common there."""


class WorkSide(NamedTuple):
    """One piece of work under way: a worktree, or a branch that is checked out in none.

    ``commit`` holds all of it, what is in no other commit included. ``is_finished`` says that
    nothing is uncommitted, and that a remote has all of it, where there is one. ``known_runs`` are
    all that are known to have to do with it, ``run_id`` is the one that is at work. ``unmerged``
    are the commits on it that are not in the branch that all go onto.
    """

    name: str
    branch: str | None
    worktree: str | None
    commit: str
    run_id: str | None
    known_runs: frozenset[str]
    unmerged: frozenset[str]
    has_uncommitted: bool
    is_finished: bool
    touched_at: float


class SidePair(NamedTuple):
    """Two sides that meet, at some addresses; ``conflict_now`` says that git could not merge them as they are."""

    one: WorkSide
    other: WorkSide
    addresses: tuple[str, ...]
    conflict_now: bool
    confidence: float


def under_way(sides: Iterable[WorkSide], now: float) -> tuple[list[WorkSide], int]:
    """The sides to compare, the newest first; and how many more there would be, of which there are too many."""
    recent = [side for side in sides if is_recent(side.touched_at, now)]
    recent.sort(key=_newest_first)
    left = recent[SIDES_MOST:]
    return recent[:SIDES_MOST], len(left)


def is_recent(moment: float, now: float) -> bool:
    """Whether somebody may still be at work on what was touched last at a moment, in seconds since 1970."""
    # A wrong clock may have made it in the future, which is no reason to overlook it.
    return moment >= now - DAYS_MOST * _SECONDS_A_DAY


def places_met(
    ours: Iterable[Touch],
    theirs: Iterable[Touch],
    alike: Collection[Key],
) -> list[Meeting]:
    """Where two sides meet, but for what both made ``alike``."""
    places: list[Meeting] = []
    our_touches = _but(alike, ours)
    their_touches = _but(alike, theirs)
    for meeting in meetings(our_touches, their_touches):
        if meeting.evidence not in _NO_MEETING:
            places.append(meeting)
    return places


def pair_of(
    one: WorkSide,
    other: WorkSide,
    places: Iterable[Meeting],
    in_conflict: Iterable[str] | None,
    weigh: Weigh,
) -> SidePair | None:
    """What two sides meet in; None for nothing.

    ``weigh`` tells the chance of a meeting by what is known of the project. ``in_conflict`` are the
    addresses in the lines that git could not merge; None where it merges all by itself.
    """
    addresses: dict[str, None] = {}
    # What conflicts already is read first.
    for address in in_conflict or ():
        addresses[address] = None
    chances: list[tuple[float, str]] = []
    for place in places:
        chance = weigh(place).chance
        narrower = _inner(place)
        chances.append((chance, narrower))
    for _, address in sorted(chances, key=_likeliest_first):
        addresses[address] = None
    conflict_now = in_conflict is not None
    if not conflict_now and not addresses:
        return None
    return SidePair(
        one,
        other,
        tuple(addresses),
        conflict_now,
        _confidence(one, other, chances, conflict_now),
    )


def _newest_first(side: WorkSide) -> tuple[float, str]:
    return -side.touched_at, side.name


def _but(keys: Collection[Key], touches: Iterable[Touch]) -> list[Touch]:
    left: list[Touch] = []
    for touch in touches:
        if touch.address.key not in keys:
            left.append(touch)
    return left


def worst_pairs_first(pairs: Iterable[SidePair]) -> list[SidePair]:
    """In the order in which they should be read."""

    def order(pair: SidePair) -> tuple[float, int, str, str]:
        size = len(pair.addresses)
        names = pair.one.name, pair.other.name
        return (-pair.confidence, -size, *names)

    return sorted(pairs, key=order)


def _confidence(
    one: WorkSide,
    other: WorkSide,
    chances: Iterable[tuple[float, str]],
    conflict_now: bool,
) -> float:
    # Of what is finished git has the last word, and nothing is left to be foretold.
    if one.is_finished and other.is_finished:
        if conflict_now:
            return CERTAIN
        return 0.0
    strongest = 0.0
    for chance, _ in chances:
        strongest = max(strongest, chance)
    # The chance of a meeting was counted without a look at the lines; what git makes of these says more.
    if conflict_now:
        return STILL_AT_THE_END + _LEANING * (strongest - 0.5)
    return min(strongest, CLEAN_HALF_WAY)


def _likeliest_first(place: tuple[float, str]) -> tuple[float, str]:
    chance, address = place
    return -chance, address


def _inner(place: Meeting) -> str:
    """The narrower of the two addresses that meet."""
    ours = place.ours.address
    theirs = place.theirs.address
    narrower = theirs if ours.is_around(theirs) else ours
    return str(narrower)
