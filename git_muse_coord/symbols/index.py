"""What is in many files at once: from the cache, or read in several processes, in bounded memory.

The interpreter lock is held while parsing, so threads would not help. Results go into the cache
batch by batch, so that an index which is killed loses little and goes on where it was.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from git_muse_coord.symbols.cache import CachedFile, SourceCache
from git_muse_coord.symbols.kinds import FileId, ReadingKind
from git_muse_coord.symbols.uses import concerns

Loader = Callable[[Sequence[str]], Iterable[bytes | None]]
"""Gives the contents of blobs in the order in which they were asked for; None for one that cannot be had."""


class ReadFile(Protocol):
    """What is read from one file; ``whole`` says why it was not read inside."""

    @property
    def path(self) -> str: ...  # noqa: D102

    @property
    def whole(self) -> str: ...  # noqa: D102


F = TypeVar("F", bound=ReadFile)
Result = tuple[CachedFile, F | None, CachedFile | None]
"""What is to be stored, what was read where that is known here, and what is to be stored of the uses."""

_UNCERTAIN = ("costly", "failed")
"""What depends on the machine and its load is not remembered."""
_ASK = 400
_CHUNK_BYTES = 256 << 10
_CHUNK_FILES = 100
_ENDINGS = [signal.SIGINT, signal.SIGTERM]
"""The signals that ask a process to end."""
if hasattr(signal, "SIGHUP"):  # Windows has none
    _ENDINGS.append(signal.SIGHUP)


class _LoadedFile(NamedTuple):
    """A file that is to be read."""

    path: str
    oid: str
    data: bytes


def index(
    kind: ReadingKind[F],
    wanted: Iterable[FileId],
    load: Loader,
    cache: SourceCache[F] | None = None,
    processes: int | None = None,
    uses: SourceCache[Any] | None = None,
) -> Generator[F, None, None]:
    """What is read from each (path, object id), in no particular order; what cannot be loaded is left out.

    ``processes`` defaults to the number of processors; little work is done in this process alone.
    ``uses`` takes what else is read from the same trees, for who will ask for that next.
    """
    beside = uses.kind if uses is not None else None
    readers = _Readers(kind, beside, processes or os.cpu_count() or 1)
    try:
        chunk: list[_LoadedFile] = []
        size = 0
        pairs = iter(wanted)
        # In portions, so that what a large tree holds is never in memory at once.
        while batch := list(islice(pairs, _ASK)):
            known = cache.get(batch) if cache is not None else {}
            yield from known.values()
            missing = [pair for pair in batch if pair not in known]
            for item in _loaded(missing, load):
                chunk.append(item)
                size += len(item.data)
                if size >= _CHUNK_BYTES or len(chunk) >= _CHUNK_FILES:
                    yield from _stored(kind, readers.read(chunk), cache, uses)
                    chunk = []
                    size = 0
        yield from _stored(kind, readers.read(chunk), cache, uses)
        yield from _stored(kind, readers.rest(), cache, uses)
    finally:
        # Also where nobody asks for the rest: processes that are left behind would wait for ever.
        readers.close()


def _loaded(pairs: Sequence[FileId], load: Loader) -> Iterator[_LoadedFile]:
    oids = [oid for _, oid in pairs]
    for (path, oid), data in zip(pairs, load(oids), strict=True):
        if data is not None:
            yield _LoadedFile(path, oid, data)


def _stored(
    kind: ReadingKind[F],
    results: Iterable[list[Result[F]]],
    cache: SourceCache[F] | None,
    uses: SourceCache[Any] | None,
) -> Iterator[F]:
    """The files that were read, which the cache has by then, so that who is stopped loses little."""
    for chunk in results:
        files: list[F] = []
        entries: list[CachedFile] = []
        entries_of_uses: list[CachedFile] = []
        for entry, file, entry_of_uses in chunk:
            if file is None:  # it was read in another process
                file = kind.decode(entry.path, entry.value)
            files.append(file)
            if file.whole not in _UNCERTAIN:
                entries.append(entry)
            if entry_of_uses is not None:
                entries_of_uses.append(entry_of_uses)
        if cache is not None:
            cache.put(entries)
        if uses is not None:
            uses.put(entries_of_uses)
        yield from files


class _Readers(Generic[F]):
    """Reads chunks of files in several processes, which are started when there is more than one chunk.

    A process that dies takes its pool with it; what was under way is taken as whole files.
    """

    def __init__(
        self,
        kind: ReadingKind[F],
        beside: ReadingKind[Any] | None,
        processes: int,
    ) -> None:
        self._kind = kind
        self._beside = beside
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None
        self._first: list[_LoadedFile] = []
        self._waiting: deque[tuple[list[_LoadedFile], Future[list[Result[F]]]]] = deque()

    def read(self, chunk: list[_LoadedFile]) -> Iterator[list[Result[F]]]:
        """Take a chunk; gives what is ready when too much is under way."""
        if self._processes == 1:
            yield _read(self._kind, self._beside, chunk)
            return
        if self._pool is not None:
            yield from self._submit(self._pool, chunk)
            return
        # Whether it is worth starting processes is known when a second chunk comes.
        if not self._first:
            self._first = chunk
            return
        self._pool = ProcessPoolExecutor(
            self._processes,
            mp_context=_context(),
            initializer=_serve,
        )
        yield from self._submit(self._pool, self._first)
        yield from self._submit(self._pool, chunk)

    def rest(self) -> Iterator[list[Result[F]]]:
        """All that is still under way."""
        if self._pool is None and self._first:
            yield _read(self._kind, self._beside, self._first)
        while self._waiting:
            yield self._next()

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def _submit(
        self,
        pool: ProcessPoolExecutor,
        chunk: list[_LoadedFile],
    ) -> Iterator[list[Result[F]]]:
        try:
            with _undisturbed():
                future = pool.submit(_read_for_another, self._kind, self._beside, chunk)
        except BrokenProcessPool:
            yield _whole(self._kind, chunk)
        else:
            self._waiting.append((chunk, future))
        # What waits lies in memory, and no more of it makes the processes faster.
        if len(self._waiting) > 2 * self._processes:
            yield self._next()

    def _next(self) -> list[Result[F]]:
        chunk, future = self._waiting.popleft()
        try:
            return future.result()
        except BrokenProcessPool:
            return _whole(self._kind, chunk)


def _read(
    kind: ReadingKind[F],
    beside: ReadingKind[Any] | None,
    chunk: list[_LoadedFile],
) -> list[Result[F]]:
    if beside is None:
        return _encoded(kind, chunk, kind.read)
    # which is loaded by who reads source, and by nobody else
    from git_muse_coord.symbols.grammar import parsing_once

    results: list[Result[F]] = []
    for item in chunk:
        with parsing_once(item.data):
            ((entry, file, _),) = _encoded(kind, [item], kind.read)
            results.append((entry, file, _beside(beside, item)))
    return results


def _beside(kind: ReadingKind[Any], item: _LoadedFile) -> CachedFile | None:
    """What else there is to store of a file; nothing where it holds no code, or the next attempt may do better."""
    if not concerns(item.path):
        return None
    file = kind.read(item.path, item.data)
    if file.whole in _UNCERTAIN:
        return None
    return CachedFile(item.path, item.oid, kind.encode(file))


def _read_for_another(
    kind: ReadingKind[F],
    beside: ReadingKind[Any] | None,
    chunk: list[_LoadedFile],
) -> list[Result[F]]:
    """Only the encoded form goes through the pipe: it is quicker to read than a pickle."""
    results: list[Result[F]] = []
    for entry, _, entry_of_uses in _read(kind, beside, chunk):
        results.append((entry, None, entry_of_uses))
    return results


def _whole(kind: ReadingKind[F], chunk: list[_LoadedFile]) -> list[Result[F]]:
    return _encoded(kind, chunk, kind.failed)


def _encoded(
    kind: ReadingKind[F],
    chunk: list[_LoadedFile],
    read: Callable[[str, bytes], F],
) -> list[Result[F]]:
    results: list[Result[F]] = []
    for path, oid, data in chunk:
        file = read(path, data)
        value = kind.encode(file)
        entry = CachedFile(file.path, oid, value)
        results.append((entry, file, None))
    return results


def _context() -> multiprocessing.context.BaseContext:
    """Forking is the quickest start, and safe while there is one thread."""
    can_fork = "fork" in multiprocessing.get_all_start_methods()
    if can_fork and threading.active_count() == 1:
        return multiprocessing.get_context("fork")
    return multiprocessing.get_context()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let signals wait while processes start: amid a fork Python loses an interruption, or loses count of its pool."""
    if not hasattr(signal, "pthread_sigmask"):
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
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDINGS)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101 - only called in a process that another one started
    parent.join()
    os._exit(1)
