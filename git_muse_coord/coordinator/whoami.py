"""Use case: who runs here, where that was said, and who else it could be."""

from __future__ import annotations

from git_muse_coord.coordinator.own_identity import sharing_warnings
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.results import Result


class ClaimingProcess(Declared):
    """A process that is at work, and that has written under the run id."""

    pid: int
    name: str


class WhoamiResult(Result):
    """A run id, and the ``source`` that said it.

    It is ``lasting`` unless it would be derived and nothing was written under it: then it is
    another one each time until something is. ``shared_by`` are the processes that use it at once
    and that it does not tell apart; empty where there is one.
    """

    run_id: str
    source: str
    lasting: bool
    shared_by: tuple[ClaimingProcess, ...]


def whoami(session: Session, *, run_id: str | None = None) -> WhoamiResult:
    """Tell who runs here. Raises BadInput."""
    identity = session.identity(run_id)
    processes = session.own_identity.sharers(identity)
    shared_by: list[ClaimingProcess] = []
    for process in processes:
        shared_by.append(ClaimingProcess(pid=process.pid, name=process.name))
    return WhoamiResult(
        run_id=identity.run_id,
        source=identity.source,
        lasting=session.own_identity.is_lasting(identity),
        shared_by=tuple(shared_by),
        warnings=sharing_warnings(processes),
    )
