"""An exchange with a remote as a session has it: how long it waits, one at a time, and what is remembered of it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from git_muse_coord.model.errors import BadInput, RemoteFailed
from git_muse_coord.store.git.patience import Patience
from git_muse_coord.store.sync.capabilities import Capabilities
from git_muse_coord.store.sync.exchange import Exchange, Terms, always
from git_muse_coord.store.sync.exchange_log import ExchangeLog
from git_muse_coord.store.sync.remote import Remote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from git_muse_coord.coordinator.session import Session

LOCK = "sync.lock"
_LOCK_SECONDS = 60.0


def patience_with(session: Session, timeout: int | None = None) -> Patience:
    """How long to wait for a remote that nobody else waits for: as long as it gives signs of life. Raises BadInput."""
    if timeout is not None and timeout < 1:
        raise BadInput(f"--timeout is {timeout:,}, not a number of seconds from 1")
    return Patience(silence=timeout, tell=session.notice)


@contextmanager
def exchange_with(
    session: Session,
    name: str,
    patience: Patience,
    may_tidy: Callable[[], bool] = always,
) -> Iterator[Exchange]:
    """An exchange with a remote, tidied up behind; what the remote then has is remembered for ``status``."""
    repository = session.repository
    settings = session.settings
    git = repository.git
    remote = Remote(git, name, patience)
    capabilities = Capabilities(git, settings, name, remote.address)
    terms = Terms(session.now, session.nonce, settings.limits, settings.branch, may_tidy)
    # As it is written in the configuration: to know what git makes of it costs a process.
    written = settings.remotes.get(name, "")
    log = ExchangeLog(repository, written)
    with Exchange(repository, session.store, remote, capabilities, terms, log) as exchange:
        try:
            yield exchange
        finally:
            if exchange.carriers and written:
                unread = len(exchange.judge.unread)
                session.store.cache.remotes.put_seen(written, exchange.there, unread)


@contextmanager
def sync_lock(session: Session, seconds: float = _LOCK_SECONDS) -> Iterator[None]:
    """One sync at a time in a clone. Raises RemoteFailed when another one does not end in time."""
    from git_muse_coord.store.git.lock import locked

    lock = session.repository.own_file(LOCK)
    # Two at once would fetch and push the same records twice.
    with locked(lock, seconds) as is_ours:
        if not is_ours:
            raise RemoteFailed("another sync of this clone is still at work", "try again")
        yield
