"""The symbols of many files at once: from the cache, or read in several processes, in bounded memory.

The interpreter lock is held while parsing, so threads would not help. Results go into the cache batch by
batch, so that an index which is killed loses little and goes on where it was.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

from git_muse_coord.symbols.cache import Cache, Entry
from git_muse_coord.symbols.codec import decode, encode
from git_muse_coord.symbols.extract import extract, whole_file
from git_muse_coord.symbols.values import FileSymbols

Loader = Callable[[Sequence[str]], Iterable[bytes | None]]
"""Gives the contents of blobs in the order in which they were asked for; None for one that cannot be had."""

Item = tuple[str, str, bytes]
Result = tuple[Entry, FileSymbols | None]

_UNCERTAIN = ("costly", "failed")
"""What depends on the machine and its load is not remembered."""
_ASK = 400
_CHUNK_BYTES = 256 << 10
_CHUNK_FILES = 100


def index(
    wanted: Iterable[tuple[str, str]], load: Loader, cache: Cache | None = None, processes: int | None = None
) -> Generator[FileSymbols, None, None]:
    """The symbols of each (path, object id), in no particular order; what cannot be loaded is left out.

    ``processes`` defaults to the number of processors; little work is done in this process alone.
    """
    readers = _Readers(processes or os.cpu_count() or 1)
    try:
        chunk: list[Item] = []
        pairs = iter(wanted)
        while batch := list(islice(pairs, _ASK)):
            found = cache.get(batch) if cache is not None else {}
            yield from found.values()
            missing = [pair for pair in batch if pair not in found]
            size = sum(len(data) for _, _, data in chunk)
            for (path, oid), data in zip(missing, load([oid for _, oid in missing]), strict=True):
                if data is None:
                    continue
                chunk.append((path, oid, data))
                size += len(data)
                if size >= _CHUNK_BYTES or len(chunk) >= _CHUNK_FILES:
                    yield from _stored(readers.read(chunk), cache)
                    chunk, size = [], 0
        yield from _stored(readers.read(chunk), cache)
        yield from _stored(readers.rest(), cache)
    finally:
        readers.close()


def _stored(results: Iterable[list[Result]], cache: Cache | None) -> Iterator[FileSymbols]:
    for chunk in results:
        files = [(entry, file or decode(entry.path, entry.value)) for entry, file in chunk]
        if cache is not None:
            cache.put(entry for entry, file in files if file.whole not in _UNCERTAIN)
        yield from (file for _, file in files)


class _Readers:
    """Reads chunks of files in several processes, which are started when there is more than one chunk.

    A process that dies takes its pool with it; what was under way is taken as whole files.
    """

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None
        self._first: list[Item] = []
        self._waiting: deque[tuple[list[Item], Future[list[Result]]]] = deque()

    def read(self, chunk: list[Item]) -> Iterator[list[Result]]:
        """Take a chunk; gives what is ready when too much is under way."""
        if self._processes == 1:
            yield _read(chunk)
        elif self._pool is None and not self._first:
            self._first = chunk
        else:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(self._processes, mp_context=_context())
                yield from self._submit(self._first)
            yield from self._submit(chunk)

    def rest(self) -> Iterator[list[Result]]:
        """All that is still under way."""
        if self._pool is None and self._first:
            yield _read(self._first)
        while self._waiting:
            yield self._next()

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def _submit(self, chunk: list[Item]) -> Iterator[list[Result]]:
        assert self._pool is not None  # noqa: S101 - read started it
        try:
            self._waiting.append((chunk, self._pool.submit(_read_for_another, chunk)))
        except BrokenProcessPool:
            yield _whole(chunk)
        if len(self._waiting) > 2 * self._processes:
            yield self._next()

    def _next(self) -> list[Result]:
        chunk, future = self._waiting.popleft()
        try:
            return future.result()
        except BrokenProcessPool:
            return _whole(chunk)


def _read(chunk: list[Item]) -> list[Result]:
    return _encoded(chunk, extract)


def _read_for_another(chunk: list[Item]) -> list[Result]:
    """Only the encoded form goes through the pipe: it is quicker to read than a pickle."""
    return [(entry, None) for entry, _ in _read(chunk)]


def _whole(chunk: list[Item]) -> list[Result]:
    return _encoded(chunk, lambda path, data: whole_file(path, data, "failed"))


def _encoded(chunk: list[Item], read: Callable[[str, bytes], FileSymbols]) -> list[Result]:
    files = [(oid, read(path, data)) for path, oid, data in chunk]
    return [(Entry(file.path, oid, encode(file)), file) for oid, file in files]


def _context() -> multiprocessing.context.BaseContext:
    """Forking is the quickest start, and safe while there is one thread."""
    can_fork = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
    return multiprocessing.get_context("fork" if can_fork else None)
