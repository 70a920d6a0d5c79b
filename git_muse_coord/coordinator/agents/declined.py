"""Edits that never came, as a person declined them: what was reserved for them is let go at the next event."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.store.git.objects import blob_oid
from git_muse_coord.store.git.regular_file import read_regular

if TYPE_CHECKING:
    from git_muse_coord.coordinator.agents.agent_run import AgentRun
    from git_muse_coord.model.records import Reservation
    from git_muse_coord.model.text_types import RecordId


def let_go_of_declined(run: AgentRun) -> None:
    """Take back what was reserved for edits after which the files still read as before."""
    coming = run.memory.calls.coming(run.run_id)
    if not coming:
        return
    # A call may edit several files; one that was changed shows that it came.
    declined: dict[RecordId, bool] = {}
    for edit in coming:
        reservation_id = edit.reservation_id
        is_as_before = _oid_now(run, edit.path) == edit.oid
        was_declined = declined.get(reservation_id, True)
        declined[reservation_id] = was_declined and is_as_before
    run.memory.calls.settle(run.run_id)
    if not any(declined.values()):
        return
    from git_muse_coord.coordinator.agents.reserving import take_back

    snapshot = run.session.store.look()
    world = snapshot.world_of(run.run_id)
    reserved: dict[RecordId, Reservation] = {}
    for reservation_id, is_declined in declined.items():
        # It may have ended meanwhile, or been made one with others.
        if is_declined and reservation_id in world.reservations:
            reserved[reservation_id] = world.reservations[reservation_id]
    if reserved:
        take_back(run, reserved, world)


def _oid_now(run: AgentRun, path: str) -> str:
    """The id of what a file holds; empty where there is none."""
    data = read_regular(path, follows_link=True)
    if data is None:
        return ""
    object_format = run.session.repository.object_format
    return blob_oid(data, object_format)
