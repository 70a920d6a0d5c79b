"""Use case: let go of what has landed, without being asked.

Only in the clone where a reservation was made, because only there its branch, its reflog and its
worktree tell what was done, and that nothing is left. What it takes for work to have landed is
decided in ``rules.landed``.
"""

from __future__ import annotations

from git_muse_coord.coordinator.ending import release_all
from git_muse_coord.model.address import revive_stored
from git_muse_coord.model.errors import MuseCoordError
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.model.records import Release, Reservation
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.model.why_ended import LANDED
from git_muse_coord.rules.landed import Rest, has_landed
from git_muse_coord.store.git.branches import Branches

if TYPE_CHECKING:
    from collections.abc import (
        Collection,
        Iterable,
        Iterator,
        Mapping,
    )
    from datetime import datetime

    from git_muse_coord.coordinator.branch_work import BranchWork
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.address import Address
    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RunId
    from git_muse_coord.rules.state import Reservations
    from git_muse_coord.store.git.branches import Branch

_LOOKING_SHARE = 0.6
"""What may be spent of the time that a hook has before nothing more is looked at."""

Beginning = tuple[str, str | None]
"""Where a reservation was made: a branch, and the commit that it had then."""


def release_landed(
    session: Session,
    *,
    ended: Collection[RunId] = (),
    only: Collection[RunId] | None = None,
) -> list[RecordId]:
    """Release what has landed and was reserved in this clone, and return the ids; unclear is not landed.

    ``ended`` are runs that will not go on, which need not be idle first; with ``only`` no other
    run is looked at. Nothing is released where muse-coord.autoRelease is false. Raises StoreFailed
    where a release cannot be written.
    """
    if not session.settings.auto_release:
        return []
    worktrees = session.store.made_here.worktrees()
    if not worktrees:
        return []
    snapshot = session.store.look()
    all_live = set(snapshot.index.ids(Reservation))
    live = worktrees.keys() & all_live
    session.store.made_here.keep(live)
    world = snapshot.world_around(ids=live)
    candidates: dict[RecordId, Reservation] = {}
    for reservation_id, reservation in world.active(session.now()).items():
        if only is None or reservation.run_id in only:
            candidates[reservation_id] = reservation
    rest = _rest(session, ended, world.reservations.values())
    resting = _of_resting(candidates, rest)
    if not resting:
        return []
    # The few records around them were cheaper to look through than all, and mostly say enough.
    rest.saw_all(_acts(snapshot.records().values()))
    resting = _of_resting(resting, rest)
    landed = list(_landed(session, resting, worktrees, rest))
    return release_all(session, landed, world, LANDED)


def _rest(
    session: Session,
    ended: Collection[RunId],
    records: Iterable[Record],
) -> Rest:
    """Who is not about to go on, by some records, and by what was seen of agents."""
    all_ended = set(ended)
    rest = Rest(session.now(), all_ended)
    for run_id, seen in session.agent_memory.runs().items():
        rest.saw(run_id, seen.at)
        if seen.has_ended:
            all_ended.add(run_id)
    rest.saw_all(_acts(records))
    return rest


def _acts(records: Iterable[Record]) -> Iterator[tuple[RunId, datetime]]:
    for record in records:
        # Most releases are no act of their holders, but ours, or somebody else's.
        if not isinstance(record, Release):
            yield record.run_id, record.made_at


def _of_resting(candidates: Reservations, rest: Rest) -> Reservations:
    resting: dict[RecordId, Reservation] = {}
    for reservation_id, reservation in candidates.items():
        if rest.has_come_to(reservation.run_id):
            resting[reservation_id] = reservation
    return resting


def _landed(
    session: Session,
    candidates: Reservations,
    worktrees: Mapping[RecordId, str],
    rest: Rest,
) -> Iterator[RecordId]:
    """The reservations whose work is in the default branch, as this clone last saw it."""
    if not candidates:
        return
    try:
        remote = session.remote_name(None)
        branches = Branches(session.repository.git, remote)
        default = branches.shared_default()
    except MuseCoordError:
        return
    # A guess at the default branch would do for an answer, but not to act upon.
    if default is None:
        return
    # Only now is anything loaded that reads source.
    from git_muse_coord.coordinator.branch_work import BranchWork

    work = BranchWork(session, default)
    allowance = session.allowance
    for (branch, commit), group in _grouped(candidates).items():
        # A hook is stopped when its time is over, and what is known by then is to be written.
        if allowance is not None and allowance.spent > _LOOKING_SHARE:
            return
        tip = branches.local(branch)
        is_default = branches.is_same(branch, default)
        if tip is None or (is_default and not remote):
            continue
        moved_at: datetime | None = None
        # Work on the default branch itself is there at once; it ends with its session.
        if not is_default:
            moved_at = work.moved_at(tip)
        resting: dict[RecordId, Reservation] = {}
        for reservation_id, reservation in group.items():
            if rest.would_follow(reservation.run_id, moved_at):
                resting[reservation_id] = reservation
        if resting:
            yield from _landed_on(
                work,
                tip,
                commit,
                resting,
                worktrees,
            )


def _grouped(candidates: Reservations) -> Mapping[Beginning, Reservations]:
    """Reservations by where they were made, so that each piece of history is read once; those on a branch."""
    groups: dict[Beginning, dict[RecordId, Reservation]] = defaultdict(dict)
    for reservation_id, reservation in candidates.items():
        branch = reservation.branch
        if branch is not None:
            beginning = (branch, reservation.commit)
            groups[beginning][reservation_id] = reservation
    return groups


def _landed_on(
    work: BranchWork,
    tip: Branch,
    commit: str | None,
    group: Reservations,
    worktrees: Mapping[RecordId, str],
) -> Iterator[RecordId]:
    from git_muse_coord.coordinator.held_files import NotClear

    held: dict[RecordId, list[Address]] = {}
    everything: list[Address] = []
    names: set[str] = set()
    for reservation_id, reservation in group.items():
        addresses = list(map(revive_stored, reservation.addresses))
        held[reservation_id] = addresses
        everything += addresses
        names.add(worktrees[reservation_id])
    try:
        done = work.since(commit, tip, everything, names)
    except (NotClear, MuseCoordError, OSError):
        # Objects may be missing, or a worktree be out of reach: what is not known has not landed.
        return
    for reservation_id, addresses in held.items():
        if has_landed(addresses, done):
            yield reservation_id
