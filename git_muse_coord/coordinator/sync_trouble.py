"""What is wrong with the sync in the background, for those who ask: it never speaks up by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from git_muse_coord.coordinator.background_sync import (
    ELSEWHERE,
    exchange_log,
    is_as_agreed,
    last_started,
)
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.errors import MuseCoordError
from git_muse_coord.model.last_exchange import LastExchange
from git_muse_coord.model.light_time import timedelta
from git_muse_coord.model.wording import span_of_time
from git_muse_coord.rules.freshness import age
from git_muse_coord.store.settings import BACKGROUND

if TYPE_CHECKING:
    from git_muse_coord.store.git.background import Started

_REAPED_WITHIN = timedelta(minutes=3)
_AGREE = "git muse-coord install --sync"


class SyncTrouble(NamedTuple):
    """What is wrong, and what to do about it."""

    detail: str
    remedy: str


def sync_trouble(session: Session) -> SyncTrouble | None:
    """Why nothing is exchanged in the background although it should be; None where all is well."""
    settings = session.settings
    if settings.auto_sync != BACKGROUND:
        return None
    name = settings.sync_remote
    if name is None or settings.sync_address is None:
        return SyncTrouble("nobody has agreed to a remote yet", _AGREE)
    try:
        if not is_as_agreed(session):
            return SyncTrouble(f"{name!r} {ELSEWHERE}", _AGREE)
    except MuseCoordError:
        return SyncTrouble(f"there is no remote {name!r}", _AGREE)
    # From here on it is the remote that failed, or this machine.
    last = exchange_log(session).read()
    if last.needs_login:
        return SyncTrouble(last.said, "git muse-coord sync; once that works it goes on")
    if last.failures:
        return SyncTrouble(_failed(session, last), "git muse-coord sync tells more")
    started = last_started(session)
    if started is not None and started.is_zombie and _is_past(session, started):
        return SyncTrouble(
            "the last process is a zombie, so no more are started",
            "run the container with an init process (docker run --init)",
        )
    return None


def _is_past(session: Session, started: Started) -> bool:
    """Whether a process must have ended long ago: a zombie of this moment is about to be reaped."""
    passed = age(started.at, session.now())
    return passed is not None and passed > _REAPED_WITHIN


def _failed(session: Session, last: LastExchange) -> str:
    times = "once" if last.failures == 1 else f"{last.failures:,} times"
    # By a clock that was set back nobody can tell how long ago.
    passed = age(last.failed_at, session.now()) if last.failed_at else None
    if passed is None:
        return f"failed {times}: {last.said}"
    return f"failed {times}, {span_of_time(int(passed.total_seconds()))} ago: {last.said}"
