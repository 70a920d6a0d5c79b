"""What a sync tells once: conflicts of which the run has heard, and that records travel on a branch."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable

from git_muse_coord.coordinator.answers.conflict import ConflictDetail
from git_muse_coord.coordinator.session import Session
from git_muse_coord.store.sync.told_conflicts import ToldConflicts, key_of


def mark_told_by_sync(
    session: Session,
    holder: str,
    details: Iterable[ConflictDetail],
) -> None:
    """Mark the conflicts of which an earlier sync told the same run; from now on all of them are told."""
    kept = ToldConflicts(session.repository)
    told = kept.told(holder)
    keys: set[str] = set()
    for detail in details:
        # Without the id of what asks: another one of the same run, for the same place, is no news.
        key = key_of(
            detail.asked_by or "",
            detail.address,
            detail.reservation_id,
            detail.held_address,
        )
        keys.add(key)
        detail.told_before = key in told
    # Also where there are none any more: what comes back is news.
    if keys != told:
        kept.remember(holder, keys)


def about_branch(session: Session, remote: str) -> list[str]:
    """That records travel on a branch, said once in a clone; ``doctor`` says it whenever it is asked."""
    repository = session.repository
    address = session.settings.remotes.get(remote, remote)
    mark = f"told-branch-{zlib.crc32(os.fsencode(address)):08x}"
    if os.path.exists(os.path.join(repository.own_folder, mark)):
        return []
    repository.mark(mark)
    branch = session.settings.branch
    return [
        f"remote {remote!r} refuses refs/muse/; records travel on the branch {branch!r}"
        " (this is said once; git muse-coord doctor tells it)"
    ]
