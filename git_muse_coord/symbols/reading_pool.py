"""Reading chunks of files in several processes; loading what starts them takes longer than to read some files."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Generic

from git_muse_coord.symbols.chunks import (
    F,
    LoadedFile,
    Result,
    read_chunk,
    whole_chunk,
)
from git_muse_coord.symbols.kinds import ReadingKind

_ENDINGS = [signal.SIGINT, signal.SIGTERM]
"""The signals that ask a process to end."""
if hasattr(signal, "SIGHUP"):  # Windows has none
    _ENDINGS.append(signal.SIGHUP)


class ReadingPool(Generic[F]):
    """Some processes that read. One that dies takes the pool with it; what was under way is taken as whole files."""

    def __init__(
        self,
        kind: ReadingKind[F],
        beside: ReadingKind[Any] | None,
        processes: int,
    ) -> None:
        self._kind = kind
        self._beside = beside
        self._processes = processes
        self._pool = ProcessPoolExecutor(
            processes,
            mp_context=_context(),
            initializer=_serve,
        )
        self._waiting: deque[tuple[list[LoadedFile], Future[list[Result[F]]]]] = deque()

    def read(self, chunk: list[LoadedFile]) -> Iterator[list[Result[F]]]:
        """Take a chunk; gives what is ready when too much is under way."""
        try:
            with _undisturbed():
                future = self._pool.submit(_read_for_another, self._kind, self._beside, chunk)
        except BrokenProcessPool:
            yield whole_chunk(self._kind, chunk)
        else:
            self._waiting.append((chunk, future))
        # What waits lies in memory, and no more of it makes the processes faster.
        if len(self._waiting) > 2 * self._processes:
            yield self._next()

    def rest(self) -> Iterator[list[Result[F]]]:
        """All that is still under way."""
        while self._waiting:
            yield self._next()

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(cancel_futures=True)

    def _next(self) -> list[Result[F]]:
        chunk, future = self._waiting.popleft()
        try:
            return future.result()
        except BrokenProcessPool:
            return whole_chunk(self._kind, chunk)


def _read_for_another(
    kind: ReadingKind[F],
    beside: ReadingKind[Any] | None,
    chunk: list[LoadedFile],
) -> list[Result[F]]:
    """Only the encoded form goes through the pipe: it is quicker to read than a pickle."""
    results: list[Result[F]] = []
    for entry, _, entry_of_uses in read_chunk(kind, beside, chunk):
        results.append((entry, None, entry_of_uses))
    return results


def _context() -> multiprocessing.context.BaseContext:
    """Forking is the quickest start, and safe while there is one thread."""
    # On macOS libraries of the system may have begun threads that nobody counts here.
    may_fork = sys.platform not in ("win32", "darwin")
    if may_fork and threading.active_count() == 1:
        return multiprocessing.get_context("fork")
    return multiprocessing.get_context()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let signals wait while processes start: amid a fork Python loses an interruption, or loses count of its pool."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve() -> None:
    """Make this a process that reads for another: an interruption is that one's business, and its end is ours too."""
    for signal_number in _ENDINGS:
        # The pool ends its processes by this one; all others go to the whole group of a terminal.
        is_from_the_pool = signal_number == signal.SIGTERM
        action = signal.SIG_DFL if is_from_the_pool else signal.SIG_IGN
        signal.signal(signal_number, action)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDINGS)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101 - only called in a process that another one started
    parent.join()
    os._exit(1)
