"""Reserving what nobody else may have: at the remote where there is one, else in this clone."""

from __future__ import annotations

from git_muse_coord.coordinator.contend import contend
from git_muse_coord.coordinator.line import without_ticket
from git_muse_coord.coordinator.place import ContestPlace
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from git_muse_coord.coordinator.answers.reserved import ReserveResult
    from git_muse_coord.coordinator.request import Request
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.coordinator.wait import WaitTerms


def reserve_strictly(
    session: Session,
    request: Request,
    local: bool,
    terms: WaitTerms | None = None,
) -> ReserveResult:
    """Contend at the remote where there is one; else in this clone.

    Raises Stopped when somebody is in the way who holds what is asked for, or waits for it and came
    before, and RemoteFailed, with nothing stored; with ``terms`` it waits first.
    """
    place = ContestPlace(session, None if local else session.remote_name(None))
    if terms is not None:
        from git_muse_coord.coordinator.wait import wait_in_line

        return wait_in_line(session, request, place, terms)
    return contend(session, request, place, without_ticket(request))
