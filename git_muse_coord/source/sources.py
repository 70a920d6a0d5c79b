"""Symbols and references of files in any version: from the cache, else read from the source and remembered.

Nothing here loads a grammar until a file must be read that the cache does not know.
"""

from __future__ import annotations

import os

from git_muse_coord.cachefile import remove_cache
from git_muse_coord.model.light import TYPE_CHECKING, TypeVar
from git_muse_coord.model.light_tools import cached_property
from git_muse_coord.store.git.contents import Contents
from git_muse_coord.symbols.cache import SourceCache
from git_muse_coord.symbols.extract import MAX_BYTES, whole_file
from git_muse_coord.symbols.kinds import SYMBOLS

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )

    from git_muse_coord.store.git.repository import Repository
    from git_muse_coord.store.git.trees import Version
    from git_muse_coord.symbols.index import Loader, ReadFile
    from git_muse_coord.symbols.kinds import FileId, ReadingKind
    from git_muse_coord.symbols.references import References
    from git_muse_coord.symbols.values import FileSymbols

    F = TypeVar("F", bound=ReadFile)
T = TypeVar("T")

CACHE_NAME = "symbols-2.sqlite3"
"""Raised when what is stored is laid out anew: versions that run side by side must not spoil each other's files."""
_OLDER_NAMES = ("symbols.sqlite3",)
_AT_ONCE = 2000
"""Files that are known and in memory together, at most."""
_PATIENCE = 200
"""Files that the cache does not know and that are read without a word, at most."""
_REPORTED = 1000
"""Files between two words of progress."""
_RECENT_MOST = 50
"""Files on disk whose symbols are handed on."""
_REASONS = {"120000": "link", "160000": "submodule"}
"""Why a version is no file that could be read inside, by the mode that git gives it."""


class Sources:
    """The source files of one repository; ``progress`` is told what takes long.

    ``recent`` are the symbols of files on disk that were asked for lately. A process that stays hands
    them on, and thereby neither opens the cache nor decodes what it asks for again and again.
    """

    def __init__(
        self,
        repository: Repository,
        progress: Callable[[str], None] = lambda _: None,
        recent: dict[FileId, FileSymbols] | None = None,
    ) -> None:
        self.repository = repository
        self.progress = progress
        self.contents = Contents(repository, MAX_BYTES)
        self._read: dict[FileId, FileSymbols] = {}
        self._recent = {} if recent is None else recent
        self._cache_path = repository.own_file(CACHE_NAME)

    @cached_property
    def cache(self) -> SourceCache[FileSymbols]:
        """The symbols that are known."""
        return self.cache_of(SYMBOLS)

    def cache_of(self, kind: ReadingKind[T]) -> SourceCache[T]:
        """What is known of a kind, for all worktrees of this clone."""
        return SourceCache(kind, self._cache_path)

    def prune(self) -> None:
        """Forget what is old or too much."""
        for name in _OLDER_NAMES:
            path = self.repository.own_file(name)
            remove_cache(str(path))
        # Nothing was ever remembered here.
        if not os.path.exists(self._cache_path):
            return
        from git_muse_coord.symbols.graph_codec import GRAPHS

        self.cache.prune()
        self.known_references.prune()
        self.cache_of(GRAPHS).prune()

    def read(
        self,
        files: Mapping[str, Version],
        *,
        with_uses: bool = False,
    ) -> Iterator[FileSymbols]:
        """The symbols of files with their ids, in no particular order.

        With ``with_uses`` their references are remembered as well, for who will ask for them: a
        file that is not known is then parsed once for both.
        Links, submodules, and what is missing, large or filtered are whole files, told apart by
        their ids.
        """
        done: set[str] = set()
        wanted: list[FileId] = []
        for path, version in files.items():
            if not version.is_file or not version.oid:
                continue
            pair = path, version.oid
            known = self._read.get(pair)
            if known is None:
                wanted.append(pair)
                continue
            done.add(path)
            yield known
        read_now = self.read_as(
            SYMBOLS,
            self.cache,
            wanted,
            with_uses=with_uses,
        )
        for file in read_now:
            path = file.path
            oid = files[path].oid
            done.add(path)
            self._read[path, oid] = file
            yield file
        for path, version in files.items():
            if path not in done:
                yield _not_read_inside(path, version)

    @property
    def known_references(self) -> SourceCache[References]:
        """What is known of names and uses."""
        from git_muse_coord.symbols.references_codec import REFERENCES

        return self.cache_of(REFERENCES)

    def references(self, wanted: list[FileId], load: Loader | None = None) -> Iterator[References]:
        """What is named and used in each (path, object id), in no particular order.

        What cannot be read is left out. ``load`` gives contents that this repository does not have.
        """
        known = self.known_references
        return self.read_as(known.kind, known, wanted, load)

    def recall(self, wanted: Iterable[FileId]) -> set[FileId]:
        """Those of some (path, object id) whose symbols are known without reading a file."""
        wanted = set(wanted)
        unknown = wanted - self._read.keys()
        cached = self.cache.get(unknown)
        self._read.update(cached)
        return wanted & self._read.keys()

    def learn(self, contents: Mapping[FileId, bytes]) -> None:
        """Read the symbols of files, by (path, object id), in this process alone."""
        for pair, data in contents.items():
            if pair in self._read:
                continue
            file = self._read_now(pair, data)
            if file is not None:
                self._read[pair] = file

    def read_as(
        self,
        kind: ReadingKind[F],
        cache: SourceCache[F],
        wanted: list[FileId],
        load: Loader | None = None,
        *,
        with_uses: bool = False,
    ) -> Iterator[F]:
        """What a kind of reader finds in each (path, object id) whose contents are here, in no particular order.

        ``load`` gives contents that this repository does not have.
        """
        # Of more, ``index`` asks the cache in portions, so that not all is in memory at once.
        if len(wanted) < _AT_ONCE:
            cached = cache.get(wanted)
            yield from cached.values()
            wanted = [pair for pair in wanted if pair not in cached]
            if not wanted:  # no grammar is loaded, and no process started
                return
        if len(wanted) > _PATIENCE:
            self.progress(f"reading {len(wanted):,} files")
        from git_muse_coord.symbols.index import index

        uses = self.known_references if with_uses else None
        files = index(
            kind,
            wanted,
            load or self.contents.read,
            cache,
            uses=uses,
        )
        for number, file in enumerate(files, 1):
            if number % _REPORTED == 0:
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
        pair = path, oid
        file = self._recent.get(pair)
        if file is None:
            cached = self.cache.get([pair])
            file = cached.get(pair)
        if file is None:
            file = self._read_now(pair, data)
        if file is not None:
            self._remember(pair, file)
        return file

    def _remember(self, pair: FileId, file: FileSymbols) -> None:
        self._recent[pair] = file
        kept = list(self._recent)
        for oldest in kept[:-_RECENT_MOST]:
            self._recent.pop(oldest, None)

    def _read_now(self, pair: FileId, data: bytes) -> FileSymbols | None:
        """The symbols of one file with a path and an object id, read in this process."""
        from git_muse_coord.symbols.index import index

        def load(oids: Sequence[str]) -> list[bytes]:
            # None is asked for where the cache has it by now, such as a file of the same content.
            return [data] * len(oids)

        read = index(
            SYMBOLS,
            [pair],
            load,
            self.cache,
            processes=1,
        )
        # To the end, and not only to the first: what was read is put into the cache on the way.
        files = list(read)
        if not files:
            return None
        return files[0]


def _not_read_inside(path: str, version: Version) -> FileSymbols:
    """A file as a whole, told apart by its id."""
    # twice, so that it is as long as a body that counts when renames are looked for
    text = f"{version.oid}\n{version.oid}"
    reason = _REASONS.get(version.mode, "unread")
    return whole_file(path, text.encode(), reason)
