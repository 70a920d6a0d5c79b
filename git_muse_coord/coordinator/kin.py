"""Which conflicts are with kin: told, and stopping nobody."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.kin import is_kin

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.text_types import RunId
    from git_muse_coord.rules.conflicts import Conflict


def with_kin(
    session: Session,
    run_id: RunId,
    conflicts: Iterable[Conflict],
) -> list[Conflict]:
    """The conflicts of a run, marked where others of this worktree left their work to whoever comes."""
    marked: list[Conflict] = []
    left_here: Collection[RunId] | None = None
    for conflict in conflicts:
        if not conflict.kin:
            # Most meet nobody, and then nobody asks who has been here.
            left_here = _left_here(session, run_id) if left_here is None else left_here
            holder = conflict.held.reservation.run_id
            conflict = conflict._replace(kin=is_kin(run_id, holder, left_here))
        marked.append(conflict)
    return marked


def _left_here(session: Session, run_id: RunId) -> set[RunId]:
    """The runs whose work in this worktree a run goes on with."""
    # Who says nothing commits what lies in the worktree: a person mostly, after the agents in it.
    if session.own_identity.speaks_for(run_id):
        return session.seen_here()
    return session.ended_here()
