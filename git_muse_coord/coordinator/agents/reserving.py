"""Reserving what an edit touches without being asked, looking who else is there, and taking it back.

Reserve, then look: of two who come at the same moment at least one sees the other, and the one who
was first goes on.
"""

from __future__ import annotations

from git_muse_coord.coordinator.agents.encounter import View
from git_muse_coord.coordinator.ending import end_of, id_of
from git_muse_coord.coordinator.freshness import freshness
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_time import timedelta
from git_muse_coord.model.records import Reservation, ref_name
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules import automatic
from git_muse_coord.rules.automatic import Reach
from git_muse_coord.store.agent_memory.turn import turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from git_muse_coord.coordinator.agents.agent_run import AgentRun
    from git_muse_coord.coordinator.agents.encounter import Encounter
    from git_muse_coord.coordinator.agents.touching import Touching
    from git_muse_coord.model.address import Address
    from git_muse_coord.model.light_time import datetime
    from git_muse_coord.model.records import Release
    from git_muse_coord.rules.automatic import Union
    from git_muse_coord.rules.state import Reservations, World
    from git_muse_coord.store.records.snapshot import Snapshot

_HOUR = timedelta(hours=1)


class Attempt(NamedTuple):
    """Whom an edit meets, what was reserved for it, and what others hold near it."""

    encounters: Sequence[Encounter]
    reserved: Reservations
    others: Reservations

    @property
    def is_refused(self) -> bool:
        """Whether somebody who was first is in the way."""
        return any(encounter.stops for encounter in self.encounters)


def reserve_and_look(
    run: AgentRun,
    touching: Touching,
    *,
    may_refuse: bool,
    may_reserve: bool = True,
) -> Attempt:
    """Reserve what the run does not hold yet, and tell whom the edit meets.

    With ``may_refuse`` nothing of it stays where somebody was first.
    """
    is_asked_to = run.is_somebody and run.session.settings.auto_reserve
    may_reserve = may_reserve and is_asked_to
    with turn(run.memory.turn_path):
        # Whoever has the turn later must be the younger one.
        run = run._replace(now=run.session.time_to_write())
        return _in_turn(run, touching, may_refuse, may_reserve)


def _in_turn(
    run: AgentRun,
    touching: Touching,
    may_refuse: bool,
    may_reserve: bool,
) -> Attempt:
    store = run.session.store
    view = View(run, store.look(), touching)
    new: Reservations = {}
    if may_reserve:
        new = _reservations(run, view.not_yet_held())
    encounters = view.encounters(new)
    attempt = Attempt(
        encounters,
        reserved={},
        others=view.others,
    )
    if not new or (may_refuse and attempt.is_refused):
        return attempt
    store.write(list(new.values()))
    _count(run, len(new))
    # Somebody may have come between the look and the write: only now whoever looks sees us.
    view = View(run, store.look(), touching)
    encounters = view.encounters(new)
    attempt = Attempt(
        encounters,
        reserved=new,
        others=view.others,
    )
    if may_refuse and attempt.is_refused:
        take_back(run, new, view.world)
        return attempt._replace(reserved={})
    return attempt


def _reservations(run: AgentRun, lacking: Mapping[str, Sequence[Address]]) -> Reservations:
    """What to write for what the run touches and does not hold: one record for each operation."""
    if not lacking:
        return {}
    made = run.memory.calls.made_since(run.run_id, run.now - _HOUR)
    reach = automatic.reach(made)
    if reach is Reach.NOTHING:
        return {}
    new: dict[RecordId, Reservation] = {}
    head = run.session.repository.head()
    for operation, places in lacking.items():
        narrowed = automatic.narrowed(places)
        if reach is Reach.FILES:
            narrowed = automatic.whole_files(narrowed)
        addresses = sorted(map(str, narrowed))
        record = Reservation(
            run_id=run.run_id,
            nonce=run.session.nonce(),
            branch=head.branch,
            commit=head.commit,
            addresses=tuple(addresses),
            operation=operation,
            reason=None,
            depends_on=(),
            created_at=run.now,
            expires_at=_expiry(run),
            extra=automatic.marks(),
        )
        new[id_of(record)] = record
    return new


def _expiry(run: AgentRun) -> datetime:
    return run.now + run.session.life(None)


def take_back(
    run: AgentRun,
    reserved: Reservations,
    world: World,
) -> None:
    """Let nothing stay of reservations that were made for an edit which does not come.

    What never left this clone is deleted; what may have been fetched elsewhere is released, or it
    would live on there.
    """
    releases: list[Release] = []
    without: dict[str, str] = {}
    if _may_have_left(run):
        for reservation_id in reserved:
            release = end_of(
                run.session,
                reservation_id,
                world,
                run.run_id,
                "done",
            )
            releases.append(release)
    else:
        without = _refs_of(run, reserved)
    # False: somebody was faster, and released one of them; then all stays as it is.
    if run.session.store.write(releases, without=without):
        _count(run, len(releases))


def unite(run: AgentRun, snapshot: Snapshot) -> None:
    """Make one reservation of several of the run's own for one branch and operation, where it is time for that."""
    world = snapshot.world_of(run.run_id)
    for group in _automatic(run, world):
        union = automatic.union(group, run.now)
        if union is None:
            continue
        # Whoever waits for one of them must not be told that it is free.
        is_awaited = not _awaited(run, snapshot).isdisjoint(group)
        if is_awaited:
            continue
        united = _united(run, union, group, world)
        gone = _refs_of(run, group)
        # Somebody released or united one of them at this moment; then all stays as it is.
        if len(gone) != len(group):
            continue
        if run.session.store.write([united], without=gone):
            _count(run, 1)


def _automatic(run: AgentRun, world: World) -> Iterable[Reservations]:
    """What was reserved for the run without being asked, by branch and operation."""
    active = world.active(run.now)
    own: dict[tuple[str | None, str | None], dict[RecordId, Reservation]] = {}
    for reservation_id, reservation in active.items():
        if not automatic.is_automatic(reservation):
            continue
        facts = (reservation.branch, reservation.operation)
        group = own.setdefault(facts, {})
        group[reservation_id] = reservation
    return own.values()


def _awaited(run: AgentRun, snapshot: Snapshot) -> set[RecordId]:
    """The reservations that others wait for."""
    awaited: set[RecordId] = set()
    waiting, _ = snapshot.waiting()
    world = snapshot.world_around(live=waiting)
    active = world.active(run.now)
    for reservation in active.values():
        awaited.update(reservation.depends_on)
    return awaited


def _united(
    run: AgentRun,
    union: Union,
    replaced: Reservations,
    world: World,
) -> Reservation:
    # What was changed since the first of them was made is still theirs.
    first = min(replaced.values(), key=_beginning)
    # It is what keeps them from coming back, and so it lasts as long as each of them would.
    ends = map(world.effective_expiry, replaced)
    return Reservation(
        run_id=run.run_id,
        nonce=run.session.nonce(),
        branch=first.branch,
        commit=first.commit,
        addresses=union.addresses,
        operation=first.operation,
        reason=None,
        depends_on=(),
        created_at=run.now,
        expires_at=max(_expiry(run), *ends),
        extra=union.marks,
    )


def _beginning(reservation: Reservation) -> datetime:
    return reservation.created_at


def _refs_of(run: AgentRun, reservations: Reservations) -> dict[str, str]:
    """The refs of some reservations, with the objects that they hold now."""
    names: list[str] = []
    for reservation_id, reservation in reservations.items():
        names.append(ref_name(reservation, reservation_id))
    return run.session.store.refs.list(*names)


def _may_have_left(run: AgentRun) -> bool:
    """Whether records of this clone may be elsewhere: it syncs by itself, or did so once by hand."""
    settings = run.session.settings
    if not settings.remotes:
        return False
    if settings.auto_sync != "false":
        return True
    known = freshness(run.session)
    # Of several remotes of which none is the one to use, nobody can tell.
    return known is None or known.synced_at is not None


def _count(run: AgentRun, records: int) -> None:
    calls = run.memory.calls
    calls.count(run.run_id, records, run.now)
