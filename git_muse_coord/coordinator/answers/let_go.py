"""What was let go of by itself, because its work has landed, as several verbs and hooks tell it."""

from __future__ import annotations

from git_muse_coord.coordinator.landed import release_landed
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.errors import MuseCoordError
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.wording import few
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.store.git.branches import Branches

if TYPE_CHECKING:
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.text_types import RecordId, RunId


class LetGo(Declared):
    """The ids of reservations that were released because their work has landed, and the sentence that says so."""

    released: tuple[str, ...]
    sentence: str


def let_go(session: Session, holder: RunId) -> LetGo | None:
    """Release what has landed, and say it as ``holder`` is to hear it; None where nothing has.

    Never raises: who merges or syncs has something else in mind.
    """
    try:
        released = release_landed(session)
        if not released:
            return None
        sentence = _sentence(session, holder, released)
        return LetGo(released=tuple(released), sentence=sentence)
    except (MuseCoordError, OSError):
        return None


def _sentence(
    session: Session,
    holder: RunId,
    released: list[RecordId],
) -> str:
    world = session.store.look().world_around(ids=released)
    others: set[str] = set()
    has_own = False
    for reservation in world.reservations.values():
        if reservation.run_id == holder:
            has_own = True
        else:
            others.add(short_run_id(reservation.run_id))
    # One's own first: that is what whoever reads it looks for.
    holders = sorted(others)
    if has_own:
        holders.insert(0, "yours")
    whose = few(holders)
    count = len(released)
    reservations = "1 reservation" if count == 1 else f"{count:,} reservations"
    remote = session.remote_name(None)
    default = Branches(session.repository.git, remote).shared_default()
    branch = "the default branch" if default is None else default.name
    return f"released {reservations} of {whose} whose work is on {branch}"
