"""What is in many files at once: from the cache, or read in several processes, in bounded memory.

The interpreter lock is held while parsing, so threads would not help. Results go into the cache
batch by batch, so that an index which is killed loses little and goes on where it was.
"""

from __future__ import annotations

import os
from collections.abc import (
    Callable,
    Generator,
    Iterable,
    Iterator,
    Sequence,
)
from itertools import islice
from typing import Any, Generic

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.symbols.cache import CachedFile, SourceCache
from git_muse_coord.symbols.chunks import (
    F,
    LoadedFile,
    ReadFile,
    Result,
    read_chunk,
)
from git_muse_coord.symbols.kinds import UNCERTAIN, FileId, ReadingKind

if TYPE_CHECKING:
    from git_muse_coord.symbols.reading_pool import ReadingPool

__all__ = ["Loader", "ReadFile", "index"]

Loader = Callable[[Sequence[str]], Iterable[bytes | None]]
"""Gives the contents of blobs in the order in which they were asked for; None for one that cannot be had."""

_ASK = 400
_CHUNK_BYTES = 256 << 10
_CHUNK_FILES = 100


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
        chunk: list[LoadedFile] = []
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


def _loaded(pairs: Sequence[FileId], load: Loader) -> Iterator[LoadedFile]:
    oids = [oid for _, oid in pairs]
    for (path, oid), data in zip(pairs, load(oids), strict=True):
        if data is not None:
            yield LoadedFile(path, oid, data)


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
            if file.whole not in UNCERTAIN:
                entries.append(entry)
            if entry_of_uses is not None:
                entries_of_uses.append(entry_of_uses)
        if cache is not None:
            cache.put(entries)
        if uses is not None:
            uses.put(entries_of_uses)
        yield from files


class _Readers(Generic[F]):
    """Reads chunks of files, in several processes, which are started when there is more than one chunk."""

    def __init__(
        self,
        kind: ReadingKind[F],
        beside: ReadingKind[Any] | None,
        processes: int,
    ) -> None:
        self._kind = kind
        self._beside = beside
        self._processes = processes
        self._pool: ReadingPool[F] | None = None
        self._first: list[LoadedFile] = []

    def read(self, chunk: list[LoadedFile]) -> Iterator[list[Result[F]]]:
        """Take a chunk; gives what is ready when too much is under way."""
        if self._processes == 1:
            yield read_chunk(self._kind, self._beside, chunk)
            return
        if self._pool is not None:
            yield from self._pool.read(chunk)
            return
        # Whether it is worth starting processes is known when a second chunk comes.
        if not self._first:
            self._first = chunk
            return
        from git_muse_coord.symbols.reading_pool import ReadingPool

        self._pool = ReadingPool(self._kind, self._beside, self._processes)
        yield from self._pool.read(self._first)
        yield from self._pool.read(chunk)

    def rest(self) -> Iterator[list[Result[F]]]:
        """All that is still under way."""
        if self._pool is not None:
            yield from self._pool.rest()
        elif self._first:
            yield read_chunk(self._kind, self._beside, self._first)

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.close()
