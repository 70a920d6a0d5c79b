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
from itertools import chain, islice

from git_muse_coord.symbols.cache import Cache, Entry
from git_muse_coord.symbols.codec import decode, encode
from git_muse_coord.symbols.extract import extract, whole_file
from git_muse_coord.symbols.values import FileSymbols

Loader = Callable[[Sequence[str]], Iterable[bytes | None]]
"""Gives the contents of blobs in the order in which they were asked for; None for one that cannot be had."""

Item = tuple[str, str, bytes]

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
    known: deque[FileSymbols] = deque()
    chunks = _chunks(_missing(iter(wanted), load, cache, known))
    count = processes or os.cpu_count() or 1
    first = list(islice(chunks, 2))
    results = (
        map(_read, chain(first, chunks))
        if count == 1 or len(first) < 2
        else _pooled(chain(first, chunks), count)
    )
    for entries in results:
        files = [decode(entry.path, entry.value) for entry in entries]
        if cache is not None:
            cache.put(
                entry for entry, file in zip(entries, files, strict=True) if file.whole not in _UNCERTAIN
            )
        yield from _drain(known)
        yield from files
    yield from _drain(known)


def _drain(known: deque[FileSymbols]) -> Iterator[FileSymbols]:
    while known:
        yield known.popleft()


def _missing(
    wanted: Iterator[tuple[str, str]], load: Loader, cache: Cache | None, known: deque[FileSymbols]
) -> Iterator[Item]:
    """The files that the cache does not know, with their contents; the others go to ``known``."""
    while batch := list(islice(wanted, _ASK)):
        found = cache.get(batch) if cache is not None else {}
        known.extend(found.values())
        missing = [pair for pair in batch if pair not in found]
        for (path, oid), data in zip(missing, load([oid for _, oid in missing]), strict=True):
            if data is not None:
                yield path, oid, data


def _chunks(items: Iterator[Item]) -> Iterator[list[Item]]:
    """Work for one process at a time, bounded in bytes and in files."""
    chunk: list[Item] = []
    size = 0
    for item in items:
        chunk.append(item)
        size += len(item[2])
        if size >= _CHUNK_BYTES or len(chunk) >= _CHUNK_FILES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _read(chunk: list[Item]) -> list[Entry]:
    return [Entry(path, oid, encode(extract(path, data))) for path, oid, data in chunk]


def _pooled(chunks: Iterator[list[Item]], processes: int) -> Iterator[list[Entry]]:
    """Read chunks in several processes, with few under way at a time.

    A process that dies takes its pool with it; what was under way is taken as whole files.
    """
    waiting: deque[tuple[list[Item], Future[list[Entry]]]] = deque()
    with ProcessPoolExecutor(processes, mp_context=_context()) as pool:
        for chunk in chain(chunks, [None]):
            if chunk is not None:
                try:
                    waiting.append((chunk, pool.submit(_read, chunk)))
                except BrokenProcessPool:
                    yield _whole(chunk)
            while waiting and (chunk is None or len(waiting) > 2 * processes):
                items, future = waiting.popleft()
                try:
                    yield future.result()
                except BrokenProcessPool:
                    yield _whole(items)


def _whole(chunk: list[Item]) -> list[Entry]:
    return [Entry(path, oid, encode(whole_file(path, data, "failed"))) for path, oid, data in chunk]


def _context() -> multiprocessing.context.BaseContext:
    """Forking is the quickest start, and safe while there is one thread."""
    can_fork = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
    return multiprocessing.get_context("fork" if can_fork else None)
