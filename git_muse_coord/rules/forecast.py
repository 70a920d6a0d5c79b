"""What will collide: the passes of the forecast over what was announced, with a measured confidence for each.

Pure: which symbols there are and which branches conflict are given. How often the like came to a
conflict is the business of ``evidence``; the pass over who uses whom has a module of its own,
``blast_radius``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter

from git_muse_coord.model.address import Address, Key, Segment
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_time import datetime
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.calibration import TABLE
from git_muse_coord.rules.evidence import Evidence, Touch, meeting
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.rules.prediction import (
    PRESENT,
    UNFINISHED,
    WAITING,
    Prediction,
    all_of,
    first_few,
    foretold,
    holding,
    predicted,
)
from git_muse_coord.rules.stakes import (
    Ground,
    Met,
    Operations,
    Stake,
    party_of,
)
from git_muse_coord.rules.state import World
from git_muse_coord.rules.weighing import by_table

if TYPE_CHECKING:
    from git_muse_coord.rules.merge_chance import Grounds
    from git_muse_coord.rules.weighing import Weigh

DRASTIC = frozenset({"delete", "rename", "move"})
"""Operations after which an address no longer means what it meant."""
CERTAIN = 1.0
"""The confidence of what is no prediction, because it is so already."""
STILL_AT_THE_END = TABLE["unfinished"].probability
"""The share of the conflicts between half-done branches that are still there when both are finished."""

Look = Callable[[Address, str | None], Touch]
"""What a holder would touch with an operation on an address, with what is known of the symbol that stands there."""


class BranchClash(NamedTuple):
    """Two branches that git cannot merge by itself; the addresses lie in the hunks that conflict.

    ``is_final`` says that both are finished: what conflicts half-way may still be undone.
    """

    branches: tuple[str, str]
    addresses: tuple[str, ...]
    is_final: bool = True


def overlapping(
    ground: Ground,
    look: Look,
    weigh: Weigh = by_table,
) -> Iterator[Prediction]:
    """Passes address_overlap and operation_conflict: two holders announced the same, or one what contains the other."""
    for outer, inner, met in ground.overlaps():
        operations = list(met.operations())
        description = _overlap(outer, inner, met)
        worst = _worst(
            outer,
            inner,
            operations,
            look,
            weigh,
        )
        yield foretold(
            "address_overlap",
            (inner, outer),
            met.everybody,
            worst,
            description,
        )
        drastic = [pair for pair in operations if not DRASTIC.isdisjoint(pair)]
        if drastic:
            worst = _worst(
                outer,
                inner,
                drastic,
                look,
                weigh,
            )
            met_so = met.where(drastic)
            yield _operation_conflict(outer, inner, met_so, worst)


def _overlap(
    outer: Address,
    inner: Address,
    met: Met,
) -> str:
    if outer == inner:
        return f"{holding(met.ones)} {inner}"
    # Who holds both does not meet himself there.
    if met.somebody_on_both_sides:
        return f"{all_of(met.everybody)} meet in {inner}, inside {outer}"
    return f"{holding(met.others)} {inner}, inside {outer} of {all_of(met.ones)}"


def _operation_conflict(
    outer: Address,
    inner: Address,
    met: Met,
    worst: Grounds,
) -> Prediction:
    doings: set[str] = set()
    for stake in met.everybody:
        operation = stake.operation or "work"
        doings.add(f"{operation} by '{short_run_id(stake.run_id)}'")
    opposed = first_few(sorted(doings), " against ")
    description = f"{opposed}: {inner}"
    return foretold(
        "operation_conflict",
        (inner, outer),
        met.everybody,
        worst,
        description,
    )


def _worst(
    outer: Address,
    inner: Address,
    operations: Iterable[Operations],
    look: Look,
    weigh: Weigh,
) -> Grounds:
    """The chance of the worst pair of operations."""
    chances: list[Grounds] = []
    for operation, other_operation in operations:
        outer_touch = look(outer, operation)
        inner_touch = look(inner, other_operation)
        related = meeting(outer_touch, inner_touch)
        if related is not None:
            chances.append(weigh(related))
    if not chances:
        return weigh(None)
    return max(chances, key=attrgetter("chance"))


def additions(
    ground: Ground,
    look: Look,
    weigh: Weigh = by_table,
) -> Iterator[Prediction]:
    """Pass address_overlap: two holders are about to add different symbols in one container."""
    by_container: dict[Key, list[Address]] = defaultdict(list)
    for place in ground.at:
        if place.segments:
            container = place.folded.key[:-1]
            by_container[container].append(place)
    for container, places in by_container.items():
        # Before looking at the source: most containers are the business of one holder.
        if not _is_of_several(ground, places):
            continue
        new: list[Address] = []
        for place in places:
            if look(place, None).verb == "add":
                new.append(place)
        if not _is_of_several(ground, new):
            continue
        involved = ground.stakes_at(new)
        first, second, *_ = new
        segments = map(Segment, container[1:])
        where = Address(first.path, tuple(segments))
        # All that is added to one container meets in the same way.
        related = meeting(look(first, None), look(second, None))
        chance = weigh(related)
        description = f"{all_of(involved)} each add to {where}"
        yield foretold(
            "address_overlap",
            new,
            involved,
            chance,
            description,
        )


def _is_of_several(ground: Ground, places: list[Address]) -> bool:
    """Whether there are several places, and several holders of them."""
    if len(places) < 2:
        return False
    involved = ground.stakes_at(places)
    parties = {stake.party for stake in involved}
    return len(parties) > 1


def adjoining(
    ground: Ground,
    look: Look,
    weigh: Weigh = by_table,
) -> Iterator[Prediction]:
    """Pass address_overlap: two holders announced things of a few lines each, in lines that adjoin."""
    for place in ground.at:
        if not place.segments:
            continue
        gap = look(place, None).gap or ()
        # The same name may stand before it and behind.
        for name in set(gap):
            neighbour_key = (*place.key[:-1], name)
            for neighbour in ground.exactly(neighbour_key):
                # Each pair is met from both sides, and told once.
                if place.key < neighbour.key:
                    yield from _adjoining(
                        place,
                        neighbour,
                        ground,
                        look,
                        weigh,
                    )


def _adjoining(
    place: Address,
    neighbour: Address,
    ground: Ground,
    look: Look,
    weigh: Weigh,
) -> Iterator[Prediction]:
    met = Met.of(ground.at[place], ground.at[neighbour])
    if not met.ones:
        return
    related = meeting(look(place, None), look(neighbour, None))
    if related is None or related.evidence is not Evidence.NEXT:
        return
    if met.somebody_on_both_sides:
        description = f"{all_of(met.everybody)} meet in the neighbours {place} and {neighbour}"
    else:
        others_there = f"{all_of(met.others)} its neighbour {neighbour}"
        description = f"{holding(met.ones)} {place}, and {others_there}"
    worst = _worst(
        place,
        neighbour,
        met.operations(),
        look,
        weigh,
    )
    yield foretold(
        "address_overlap",
        (place, neighbour),
        met.everybody,
        worst,
        description,
    )


def dependencies(
    world: World,
    now: datetime,
    begun: Callable[[RecordId], bool],
) -> Iterator[Prediction]:
    """Pass dependency_violation: a reservation is at work although what it depends on is not done.

    ``begun`` tells of the id of a reservation whether anything in it has changed since it was made.
    """
    active = world.active(now)
    for reservation_id, reservation in active.items():
        waiting_party = party_of(reservation.run_id, reservation_id)
        for needed_id in reservation.depends_on:
            needed = active.get(needed_id)
            if needed is None:
                continue
            awaited_party = party_of(needed.run_id, needed_id)
            # Who waits for itself knows what it does.
            if awaited_party == waiting_party:
                continue
            waiting = short_run_id(reservation.run_id)
            awaited = short_run_id(needed.run_id)
            has_begun = begun(reservation_id)
            how = "has begun before" if has_begun else "must wait with its work until"
            description = f"'{waiting}' {how} '{awaited}', on whom it depends, is done"
            addresses = {*reservation.addresses, *needed.addresses}
            run_ids = {reservation.run_id, needed.run_id}
            yield Prediction(
                conflict_type="dependency_violation",
                addresses=tuple(sorted(addresses)),
                agents=tuple(sorted(run_ids)),
                stakes=(reservation_id, needed_id),
                confidence=CERTAIN if has_begun else 0.0,
                description=description,
                basis=PRESENT if has_begun else WAITING,
            )


def branches(clashes: Iterable[BranchClash], announced: Iterable[Stake]) -> Iterator[Prediction]:
    """Pass branch_conflict: branches that git cannot merge by itself as they are now."""
    on_branch: dict[str | None, list[Stake]] = defaultdict(list)
    for stake in announced:
        on_branch[stake.branch].append(stake)
    for clash in clashes:
        first, second = clash.branches
        met = Met.of(on_branch[first], on_branch[second])
        if not met.ones:
            continue
        if met.somebody_on_both_sides:
            whose = f"{first} and {second}, where {all_of(met.everybody)} are at work,"
        else:
            whose = f"{first} of {all_of(met.ones)} and {second} of {all_of(met.others)}"
        now = "" if clash.is_final else ", as they are now"
        description = f"git cannot merge {whose} by itself{now}: {first_few(clash.addresses)}"
        yield predicted(
            "branch_conflict",
            clash.addresses,
            met.everybody,
            CERTAIN if clash.is_final else STILL_AT_THE_END,
            description,
            PRESENT if clash.is_final else UNFINISHED,
        )
