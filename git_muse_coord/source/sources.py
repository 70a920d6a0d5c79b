"""Symbols and references of files in any version: from the cache, else read from the source and remembered.

Nothing here loads a grammar until a file must be read that the cache does not know.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from git_muse_coord.store.git.contents import Contents
from git_muse_coord.store.git.trees import Version
from git_muse_coord.symbols.cache import SourceCache
from git_muse_coord.symbols.extract import MAX_BYTES, whole_file
from git_muse_coord.symbols.kinds import SYMBOLS, ReadingKind
from git_muse_coord.symbols.values import FileSymbols

if TYPE_CHECKING:
    from git_muse_coord.store.git.repository import Repository
    from git_muse_coord.symbols.index import Loader, ReadFile

    F = TypeVar("F", bound=ReadFile)
T = TypeVar("T")

_AT_ONCE = 2000
"""So many files that are known may be in memory together."""
_PATIENCE = 200
"""From so many files on that the cache does not know, reading them is progress to be shown."""


class Sources:
    """The source files of one repository; ``progress`` is told what takes long."""

    def __init__(
        self, repository: Repository, progress: Callable[[str], None] = lambda _: None
    ) -> None:
        self.repository = repository
        self.progress = progress
        self.contents = Contents(repository, MAX_BYTES)
        self._read: dict[tuple[str, str], FileSymbols] = {}
        self._cache_path = repository.own_file("symbols.sqlite3")

    @cached_property
    def cache(self) -> SourceCache[FileSymbols]:
        """The symbols that are known."""
        return self.known(SYMBOLS)

    def known(self, kind: ReadingKind[T]) -> SourceCache[T]:
        """What is known of a kind, for all worktrees of this clone."""
        with contextlib.suppress(OSError):  # the cache then finds no file, and gives nothing
            os.makedirs(os.path.dirname(self._cache_path), exist_ok=True)
        return SourceCache(kind, self._cache_path)

    def prune(self) -> None:
        """Forget what is old or too much."""
        if os.path.exists(self._cache_path):
            from git_muse_coord.symbols.collect import REFERENCES
            from git_muse_coord.symbols.graph_codec import GRAPHS

            for cache in (self.cache, self.known(REFERENCES), self.known(GRAPHS)):
                cache.prune()

    def read(self, files: Mapping[str, Version]) -> Iterator[FileSymbols]:
        """The symbols of files with their ids, in no particular order.

        Links, submodules, and what is missing, large or filtered are whole files, told apart by
        their ids.
        """
        wanted = [(path, one.oid) for path, one in files.items() if one.is_file and one.oid]
        done = {path for path, oid in wanted if (path, oid) in self._read}
        yield from (self._read[path, files[path].oid] for path in done)
        for file in self.read_as(
            SYMBOLS, self.cache, [pair for pair in wanted if pair[0] not in done]
        ):
            done.add(file.path)
            self._read[file.path, files[file.path].oid] = file
            yield file
        for path, version in files.items():
            if path not in done:
                # as long as a body that counts when renames are looked for
                yield whole_file(path, f"{version.oid}\n{version.oid}".encode(), _reason(version))

    def recall(self, wanted: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of some (path, object id) whose symbols are known without reading a file."""
        wanted = set(wanted)
        self._read.update(self.cache.get(wanted - self._read.keys()))
        return wanted & self._read.keys()

    def learn(self, contents: Mapping[tuple[str, str], bytes]) -> None:
        """Read the symbols of files, by (path, object id), in this process alone."""
        from git_muse_coord.symbols.index import index

        for pair, data in contents.items():
            if pair not in self._read:
                # the function is called before the next turn of the loop
                read = index(SYMBOLS, [pair], lambda _: [data], self.cache, 1)  # noqa: B023
                self._read.update((pair, file) for file in read)

    def read_as(
        self,
        kind: ReadingKind[F],
        cache: SourceCache[F],
        wanted: list[tuple[str, str]],
        load: Loader | None = None,
    ) -> Iterator[F]:
        """What a kind of reader finds in each (path, object id) whose contents are here, in no particular order.

        ``load`` gives contents that this repository does not have.
        """
        if len(wanted) < _AT_ONCE:
            known = cache.get(wanted)
            yield from known.values()
            wanted = [one for one in wanted if one not in known]
            if not wanted:
                return
        if len(wanted) > _PATIENCE:
            self.progress(f"reading {len(wanted):,} files")
        from git_muse_coord.symbols.index import index

        for number, file in enumerate(index(kind, wanted, load or self.contents.read, cache), 1):
            if number % 1000 == 0:
                self.progress(f"read {number:,} of {len(wanted):,} files")
            yield file

    def on_disk(self, path: str) -> FileSymbols | None:
        """The symbols of one regular file as it lies in the working tree; None for anything else.

        No git process is started for it.
        """
        data = self.contents.read_now(path)
        if data is None:
            return None
        oid = self.contents.oid(data)
        known = self.cache.get([(path, oid)])
        if known:
            return known[path, oid]
        from git_muse_coord.symbols.index import index

        return next(iter(index(SYMBOLS, [(path, oid)], lambda _: [data], self.cache, 1)), None)


def _reason(version: Version) -> str:
    return {"120000": "link", "160000": "submodule"}.get(version.mode, "unread")
