"""Which conflicts are with kin: told, and stopping nobody."""

from __future__ import annotations

from collections.abc import Iterable

from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.text_types import RunId
from git_muse_coord.rules.conflicts import Conflict
from git_muse_coord.rules.kin import is_kin


def with_kin(
    session: Session,
    run_id: RunId,
    conflicts: Iterable[Conflict],
) -> list[Conflict]:
    """The conflicts of a run, marked where a session that ended in this worktree left its work to whoever comes."""
    marked: list[Conflict] = []
    ended: set[RunId] | None = None
    for conflict in conflicts:
        if not conflict.kin:
            # Most meet nobody, and then nobody asks who has ended.
            ended = session.ended_here() if ended is None else ended
            holder = conflict.held.reservation.run_id
            conflict = conflict._replace(kin=is_kin(run_id, holder, ended))
        marked.append(conflict)
    return marked
