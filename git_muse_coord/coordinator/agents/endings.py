"""When a sub-agent or a session ends: what it held and did not change is let go, what it changed stays its own."""

from __future__ import annotations

from git_muse_coord.coordinator.ending import release_all
from git_muse_coord.coordinator.held_files import HeldFiles, NotClear
from git_muse_coord.coordinator.landed import release_landed
from git_muse_coord.model.address import revive_stored
from git_muse_coord.model.errors import BadInput, StoreFailed
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import UNKNOWN, Reservation
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.model.why_ended import UNCHANGED
from git_muse_coord.rules.conflicts import Holdings
from git_muse_coord.rules.kin import is_part_of
from git_muse_coord.rules.places import Places
from git_muse_coord.rules.touched import met
from git_muse_coord.store.git.trees import Trees

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_muse_coord.coordinator.agents.agent_run import AgentRun
    from git_muse_coord.model.address import Address
    from git_muse_coord.model.text_types import RunId
    from git_muse_coord.rules.state import Reservations, World


def agent_ends(run: AgentRun) -> Reservations:
    """Let go of what a sub-agent did not change, and return what it still holds."""
    # First of all: a program does not wait long for who is told that it ends.
    run.memory.end(run.run_id, run.now)
    snapshot = run.session.store.look()
    world = snapshot.world()
    held = _held_by(run, world)
    untouched = _untouched(run, held)
    released = release_all(run.session, untouched, world, UNCHANGED)
    for reservation_id in released:
        del held[reservation_id]
    return held


def session_ends(run: AgentRun) -> None:
    """Let go of what a session and its sub-agents did not change, and of what has landed."""
    held = agent_ends(run)
    if not held:
        return
    # The session itself, and those that it started.
    ended: set[RunId] = {reservation.run_id for reservation in held.values()}
    release_landed(run.session, ended=ended, only=ended)


def _held_by(run: AgentRun, world: World) -> dict[RecordId, Reservation]:
    """What the run holds, and those that it started."""
    active = world.active(run.now)
    held: dict[RecordId, Reservation] = {}
    for reservation_id, reservation in active.items():
        if is_part_of(reservation.run_id, run.run_id):
            held[reservation_id] = reservation
    return held


def _untouched(run: AgentRun, held: Reservations) -> list[RecordId]:
    """Those of some reservations at which nothing was changed, as far as that can be seen from here."""
    if not held:
        return []
    # What was made on another branch was changed there, if at all, and cannot be seen from here.
    branch = run.session.repository.head().branch
    by_commit: dict[str | None, dict[RecordId, Reservation]] = {}
    for reservation_id, reservation in held.items():
        if reservation.branch != branch:
            continue
        group = by_commit.setdefault(reservation.commit, {})
        group[reservation_id] = reservation
    untouched: list[RecordId] = []
    for commit, group in by_commit.items():
        untouched += _unchanged(run, commit, group)
    return untouched


def _unchanged(
    run: AgentRun,
    commit: str | None,
    held: Reservations,
) -> list[RecordId]:
    """Those of some reservations of which nothing differs from the commit on which they were made."""
    try:
        changed = set(_changed(run, commit, held))
    except (NotClear, BadInput, StoreFailed):
        # The commit may be gone. What is not clear was perhaps changed.
        return []
    return [reservation_id for reservation_id in held if reservation_id not in changed]


def _changed(
    run: AgentRun,
    commit: str | None,
    held: Reservations,
) -> Iterator[RecordId]:
    repository = run.session.repository
    places: list[tuple[Address, Address]] = []
    for reservation in held.values():
        for text in reservation.addresses:
            place = revive_stored(text)
            places.append((place, place))
    trees = Trees(repository)
    deltas = trees.working(commit)
    sources = run.session.sources()
    files = HeldFiles(repository, sources)
    held_places = Places(places)
    inside = files.inside(deltas, held_places)
    holdings = Holdings(held)
    # By nobody's eyes: with no identity there is no exemption.
    for conflict in met(inside.touched, holdings, UNKNOWN):
        yield conflict.held.reservation_id
