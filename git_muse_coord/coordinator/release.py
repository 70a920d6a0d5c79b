"""Use case: let go of reservations, and say who can go on now."""

from __future__ import annotations

from git_muse_coord.coordinator.autosync import auto_sync
from git_muse_coord.coordinator.ending import end_of, id_of, remainder_of
from git_muse_coord.coordinator.keep_alive import keep_alive
from git_muse_coord.coordinator.named_reservations import (
    check_holder,
    check_named,
    check_open,
    held_by,
    reservation_ids,
)
from git_muse_coord.coordinator.upkeep import keep_up
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.errors import BadInput, NotThere
from git_muse_coord.model.ids import is_id
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.results import Result
from git_muse_coord.model.text_types import list_of_texts
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.rules.letting_go import around_missed, part_with
from git_muse_coord.rules.waiting import became_ready

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.address import Address
    from git_muse_coord.model.records import Release, Reservation
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.rules.state import Reservations, World

    Left = Mapping[RecordId, tuple[str, ...]]
    """The addresses that are left of each reservation that ends; of most none."""

OUTCOMES = ("done", "abandoned")
_REMEDY = "say who you are with --run-id, or release it all the same with --force"


class Remainder(Declared):
    """What is still held of a reservation that was released in part: a reservation of its own."""

    reservation_id: str
    instead_of: str
    addresses: tuple[str, ...]
    expires_at: datetime


class ReleaseResult(Result):
    """The ids of what was released, and of the active reservations that now wait for nothing.

    ``remainders`` are what is still held of those that were released in part.
    """

    released: tuple[str, ...]
    remainders: tuple[Remainder, ...]
    became_ready: tuple[str, ...]

    @property
    def made(self) -> tuple[str, ...]:
        """What goes on of what was released in part."""
        return tuple(rest.reservation_id for rest in self.remainders)


def release(
    session: Session,
    ids: Sequence[str] = (),
    *,
    all: bool = False,  # noqa: A002 - keywords are named like the options
    run_id: str | None = None,
    force: bool = False,
    outcome: str = "done",
    local: bool = False,
) -> ReleaseResult:
    """Release reservations by id or address, or with ``all`` every active one of the run: all or none.

    An address lets go of all that the run holds there and inside of it. Where a reservation holds
    more than that, it ends, and the rest goes on as a reservation of its own until the same time.

    Raises BadInput (another run holds one and ``force`` is not given, ambiguous ids, bad
    options) and NotThere (already released, not known, or nothing is held at an address).
    """
    holder = session.who_reads(run_id)
    check_named(ids, all_of_them=all)
    if outcome not in OUTCOMES:
        allowed = ", ".join(OUTCOMES)
        raise BadInput(f"outcome {outcome!r} is not one of {allowed}")
    texts = [text for text in list_of_texts(ids) if not is_id(text)]
    places = session.addresses(texts) if texts else []
    snapshot = session.store.look()
    named = reservation_ids(filter(is_id, ids), snapshot)
    waiting, awaited = snapshot.waiting()
    world = snapshot.world_around(
        ids=named,
        runs=[holder],
        live=[*waiting, *awaited],
    )
    now = session.now()
    chosen = held_by(holder, world, now) if all else named
    if not force:
        for reservation_id in chosen:
            check_holder(reservation_id, world, holder, _REMEDY)
    # What is named as a whole leaves nothing, whatever else is named of it.
    at_places = _at(places, holder, world, now)
    left = {**at_places, **dict.fromkeys(chosen, ())}
    # All or none: nothing is written before all of them are known to be open.
    check_open(left, world)
    if left:
        holder = session.who_writes(run_id)
    written = _write(
        session,
        left,
        world,
        holder,
        outcome,
    )
    keep_alive(session, holder, snapshot, apart_from=left)
    remainders: list[Remainder] = []
    for reservation_id, rest in written.rests.items():
        remainders.append(_remainder(reservation_id, rest))
    ready = became_ready(left, written.after, session.now())
    warnings = keep_up(session, snapshot)
    warnings += auto_sync(session, holder, local)
    return ReleaseResult(
        released=tuple(left),
        remainders=tuple(remainders),
        became_ready=tuple(ready),
        warnings=warnings,
    )


class _Written(NamedTuple):
    """What goes on, by what it goes on in the place of, and all that is known once that is written."""

    rests: Reservations
    after: World


def _write(
    session: Session,
    left: Left,
    world: World,
    holder: RunId,
    outcome: str,
) -> _Written:
    """Write the releases, and what goes on: all or none. Raises NotThere where somebody was faster."""
    rests = _rests(session, left, world)
    ids = {reservation_id: id_of(rest) for reservation_id, rest in rests.items()}
    releases: dict[RecordId, Release] = {}
    for reservation_id in left:
        rest_id = ids.get(reservation_id)
        releases[reservation_id] = end_of(
            session,
            reservation_id,
            world,
            holder,
            outcome,
            rest_id,
        )
    # The rests first: a transaction shows one ref after the other, and what is kept is never free.
    if releases and not session.store.write([*rests.values(), *releases.values()]):
        # The records tell who it was.
        world_now = session.store.look().world_around(ids=left)
        check_open(left, world_now)
        raise NotThere("another process released them at the same moment")
    # What was written is known; a second listing would cost as much as the first.
    reservations = dict(world.reservations)
    for reservation_id, rest in rests.items():
        reservations[ids[reservation_id]] = rest
    all_releases = {**world.releases, **releases}
    after = world._replace(reservations=reservations, releases=all_releases)
    return _Written(rests, after)


def _at(
    places: Iterable[Address],
    holder: RunId,
    world: World,
    now: datetime,
) -> Left:
    """What a run holds at some places. Raises NotThere for a place where it holds nothing."""
    mine: dict[RecordId, Reservation] = {}
    for reservation_id in held_by(holder, world, now):
        mine[reservation_id] = world.reservations[reservation_id]
    going = part_with(places, mine)
    for place in going.missed:
        around = around_missed(place, mine)
        remedy = "git muse-coord list --mine shows what it does; an id has at least 7 hex digits"
        if around is not None:
            remedy = f"it holds {around}, which is around it: release that"
        raise NotThere(f"run-id '{short_run_id(holder)}' holds nothing at {place}", remedy)
    return going.left


def _rests(
    session: Session,
    left: Left,
    world: World,
) -> dict[RecordId, Reservation]:
    """What goes on, by what it goes on in the place of."""
    rests: dict[RecordId, Reservation] = {}
    for reservation_id, addresses in left.items():
        if addresses:
            rests[reservation_id] = remainder_of(session, reservation_id, world, addresses)
    return rests


def _remainder(instead_of: RecordId, rest: Reservation) -> Remainder:
    return Remainder(
        reservation_id=id_of(rest),
        instead_of=instead_of,
        addresses=rest.addresses,
        expires_at=rest.expires_at,
    )
