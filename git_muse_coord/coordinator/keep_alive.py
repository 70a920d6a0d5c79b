"""Keeping alive what a run holds, by the way, whenever it does something: no agent has to remember it."""

from __future__ import annotations

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import Heartbeat
from git_muse_coord.rules.keep_alive import renewals

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.store.records.snapshot import Snapshot


def keep_alive(
    session: Session,
    holder: RunId,
    snapshot: Snapshot,
    *,
    apart_from: Collection[RecordId] = (),
) -> list[Heartbeat]:
    """Write a heartbeat for each active reservation of a run of whose life a third is over, and return them.

    ``apart_from`` are those that ended, or were extended, since the snapshot. What cannot be
    written now is left to the next time: whoever calls has done what was asked of it.
    """
    now = session.time_to_write()
    world = snapshot.world_of(holder)
    beats: list[Heartbeat] = []
    for reservation_id, until in renewals(holder, world, now).items():
        if reservation_id in apart_from:
            continue
        beat = sign_of_life(
            session,
            holder,
            reservation_id,
            now,
            until,
        )
        beats.append(beat)
    if not beats:
        return []
    try:
        is_kept = session.store.write(beats)
    except StoreFailed:
        return []
    return beats if is_kept else []


def sign_of_life(
    session: Session,
    holder: RunId,
    reservation_id: RecordId,
    now: datetime,
    until: datetime,
) -> Heartbeat:
    """A heartbeat that is still to be written."""
    return Heartbeat(
        run_id=holder,
        nonce=session.nonce(),
        subject=reservation_id,
        beat_at=now,
        expires_at=until,
    )
