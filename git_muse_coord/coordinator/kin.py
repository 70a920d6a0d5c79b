"""Who is kin of a run in its worktree, and which conflicts are with kin: told, and stopping nobody."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import cached_property
from git_muse_coord.rules.kin import is_kin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.text_types import RunId
    from git_muse_coord.rules.conflicts import Conflict


class Kin:
    """The kin of a run in the worktree of a session; what is remembered of that is read when it is asked for."""

    def __init__(self, session: Session, run_id: RunId) -> None:
        self._session = session
        self._run_id = run_id

    def includes(self, other: RunId) -> bool:
        """Whether a run is kin: of one family, or at work in this worktree before or beside this one.

        That is an agent which has ended and left its work here. And whoever says nothing, a person
        mostly, who commits what lies here, is kin of the agents that were seen here, and they of him.
        """
        if is_kin(self._run_id, other, self.ended_here):
            return True
        speaks_for = self._session.own_identity.speaks_for
        if speaks_for(self._run_id):
            return other in self._seen_here
        return speaks_for(other) and self._run_id in self._seen_here

    @cached_property
    def ended_here(self) -> set[RunId]:
        """The agents' sessions that were at work in this worktree and have ended."""
        return self._session.ended_here()

    @cached_property
    def _seen_here(self) -> set[RunId]:
        return self._session.seen_here()


def with_kin(
    session: Session,
    run_id: RunId,
    conflicts: Iterable[Conflict],
) -> list[Conflict]:
    """The conflicts of a run, marked where they are with kin."""
    kin = Kin(session, run_id)
    marked: list[Conflict] = []
    for conflict in conflicts:
        # Most meet nobody, and then nobody asks who has been here.
        is_with_kin = conflict.kin or kin.includes(conflict.held.reservation.run_id)
        marked.append(conflict._replace(kin=is_with_kin))
    return marked
