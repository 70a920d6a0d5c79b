"""Syncing in the background, where muse-coord.autoSync asks for it: when it is time, in a process of its own.

Whoever calls this never waits for a remote, and never hears of one that fails: ``status`` and
``doctor`` tell.
"""

from __future__ import annotations

import time

from git_muse_coord.model.errors import LoginFailed, MuseCoordError
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_time import timedelta
from git_muse_coord.model.records import REF_PREFIX, UNKNOWN

if TYPE_CHECKING:
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.store.git.background import Background, Started
    from git_muse_coord.store.sync.exchange_log import ExchangeLog

_WORK = "background-sync"

LINGER = timedelta(seconds=60)
"""What was written just after an exchange goes out by a process that waits, if it need not wait longer than this."""

SECONDS = 50.0
"""How long the remote may take in all."""

_LOCK_SECONDS = 10.0
_ROUNDS = 4
_AFTERMATH_SECONDS = 0.5
"""So long an agent's next event may follow the one that began an exchange, and come while that is at work."""


def begin(session: Session) -> None:
    """Start a sync that nobody waits for, where one is agreed to and due. Raises MuseCoordError and OSError."""
    from git_muse_coord.store.settings import BACKGROUND

    settings = session.settings
    has_agreed = settings.sync_address is not None and settings.sync_remote in settings.remotes
    if settings.auto_sync != BACKGROUND or not has_agreed:
        return
    log = exchange_log(session)
    left = _time_left(session, log, None)
    # Nothing helps before somebody has let us in again.
    if left is None:
        return
    # Mostly the last exchange is young, and nothing more need be loaded.
    if session.has_written or not left:
        _start(session, log)


def _start(session: Session, log: ExchangeLog) -> None:
    """Start a process that syncs, if none is at work, and none was started just now."""
    from git_muse_coord.store.git.background import Background
    from git_muse_coord.store.sync.unattended import unattended

    work = Background(session.repository, _WORK, spares_zombies=True)
    left = _time_left(session, log, work)
    if left is None:
        return
    # A remote that failed is not waited for, or each write would begin a process that waits.
    may_linger = session.has_written and left <= LINGER and not log.read().failures
    if left and not may_linger:
        return

    def is_due_still() -> bool:
        # Somebody may have been faster between our look and our lock.
        again = _time_left(session, log, work)
        return again is not None and again <= left

    seconds = left.total_seconds()
    work.start(
        "git_muse_coord.background",
        (work.place, f"{seconds:.3f}"),
        environment=unattended(work.environment(), session.settings),
        is_due=is_due_still,
    )


def _time_left(
    session: Session,
    log: ExchangeLog,
    work: Background | None,
) -> timedelta | None:
    """How long until an exchange is due, by what is remembered of them, and by when one was started last."""
    from git_muse_coord.rules.background_sync import time_until_due

    started = None if work is None else work.last()
    tried_at = None if started is None else started.at
    every = timedelta(seconds=session.settings.sync_every)
    return time_until_due(log.read(), tried_at, every, session.now())


def exchange_log(session: Session) -> ExchangeLog:
    """What is remembered of the address that was agreed to."""
    from git_muse_coord.store.sync.exchange_log import ExchangeLog

    settings = session.settings
    address = settings.remotes.get(settings.sync_remote or "", "")
    return ExchangeLog(session.repository, address)


def last_started(session: Session) -> Started | None:
    """The process that was started last for a sync."""
    from git_muse_coord.store.git.background import Background

    return Background(session.repository, _WORK).last()


def exchange_unattended(session: Session) -> None:
    """One exchange with the remote that was agreed to, in the process that was started for it."""
    from git_muse_coord.store.settings import BACKGROUND

    # It may have waited for a while, and somebody have thought better of it.
    if session.settings.auto_sync != BACKGROUND:
        return
    # Somebody took it back while this process waited, and maybe all else of ours with it.
    if session.settings.sync_remote is None:
        return
    log = exchange_log(session)
    try:
        if not is_as_agreed(session):
            now = session.now()
            log.note_failure(now, f"it {ELSEWHERE}")
            return
        _exchange(session)
    except LoginFailed as error:
        log.note_failure(session.now(), error.message, needs_login=True)
    except MuseCoordError as error:
        log.note_failure(session.now(), error.message)
    except Exception as error:
        # Nobody sees how this process ends, and what goes wrong unseen goes wrong each minute.
        log.note_failure(session.now(), f"internal error: {type(error).__name__}: {error}")


ELSEWHERE = "has another address than was agreed to"
"""What is wrong where ``is_as_agreed`` says no."""


def is_as_agreed(session: Session) -> bool:
    """Whether records would go where a person agreed that they go. Raises StoreFailed where the remote is gone."""
    from git_muse_coord.store.sync.remote import push_address

    settings = session.settings
    if settings.sync_remote is None or settings.sync_address is None:
        return False
    return push_address(session.repository.git, settings.sync_remote) == settings.sync_address


def note_overdue(session: Session) -> None:
    """Remember that an exchange was stopped because it took too long."""
    exchange_log(session).note_failure(session.now(), "it took too long, and was stopped")


def _exchange(session: Session) -> None:
    """Exchange what is new. Raises what a sync raises; LoginFailed where a person has to let us in."""
    from git_muse_coord.coordinator.answers.let_go import let_go
    from git_muse_coord.coordinator.exchanges import LOCK
    from git_muse_coord.coordinator.sync import if_idle, synchronise
    from git_muse_coord.store.git.at_work import is_git_at_work
    from git_muse_coord.store.git.lock import locked
    from git_muse_coord.store.git.patience import Patience

    name = session.settings.sync_remote
    if name is None:
        return
    repository = session.repository
    patience = Patience(SECONDS)

    def may_tidy() -> bool:
        # Asked anew each time: somebody may have begun a commit since.
        return not is_git_at_work(repository.common_dir)

    # Nobody reads what it says, but others are to hear of it.
    let_go(session, UNKNOWN)
    for _ in range(_ROUNDS):
        known = session.store.refs.list(REF_PREFIX)
        # Once more after each: who wrote meanwhile began none, because we were there.
        if if_idle(session, name, patience, UNKNOWN, may_tidy) is not None:
            # The same while we listed and, as far as that goes, while we end.
            time.sleep(_AFTERMATH_SECONDS)
            if session.store.refs.list(REF_PREFIX) == known:
                return
            continue
        with locked(repository.own_file(LOCK), _LOCK_SECONDS) as got:
            # Somebody syncs by hand, which does as well.
            if not got:
                return
            synchronise(
                session,
                name,
                patience,
                UNKNOWN,
                may_tidy=may_tidy,
            )
