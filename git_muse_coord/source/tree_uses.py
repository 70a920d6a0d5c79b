"""Who uses whom in single files of a tree, linked file by file as they are asked for.

A merge asks of few files what they use, in trees that share nearly all of theirs. So references are
read once for all of its trees, and only the files that are asked for are linked; what was linked is
remembered by all that went into it, as a graph of a whole tree is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from posixpath import dirname

from git_muse_coord.model.address import Key
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.uses import UseEdge, UseGraph
from git_muse_coord.source.by_path import code_among, file_ids
from git_muse_coord.source.sources import Sources
from git_muse_coord.source.use_graphs import fingerprint_of, is_final
from git_muse_coord.store.git.trees import Version
from git_muse_coord.symbols.cache import CachedFile
from git_muse_coord.symbols.graph_codec import GRAPHS
from git_muse_coord.symbols.hashes import hash_bytes
from git_muse_coord.symbols.kinds import FileId

if TYPE_CHECKING:
    from git_muse_coord.rules.uses import ImportCount
    from git_muse_coord.symbols.index import Loader
    from git_muse_coord.symbols.link import FileByFile
    from git_muse_coord.symbols.references import References

_LENGTH = 20


class KnownReferences:
    """The references of files in several trees, each version read once."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self._known: dict[FileId, References] = {}

    def read(self, wanted: list[FileId], load: Loader | None) -> dict[str, References]:
        """Those of some files, by path; what could not be read is left out."""
        new = self._new_among(wanted)
        oids = dict(new)
        read = self.sources.references(new, load)
        for file in read:
            path = file.path
            oid = oids[path]
            self._known[path, oid] = file
        by_path: dict[str, References] = {}
        for pair in wanted:
            known = self._known.get(pair)
            if known is not None:
                by_path[known.path] = known
        return by_path

    def count_unknown(self, wanted: list[FileId]) -> int:
        """Of how many files the references would have to be read from the source."""
        new = self._new_among(wanted)
        known = self.sources.known_references
        stored = known.stored(new)
        unknown = 0
        for _, oid in new:
            if oid not in stored:
                unknown += 1
        return unknown

    def _new_among(self, wanted: list[FileId]) -> list[FileId]:
        # Of the second tree of a merge hardly any file is new.
        return [pair for pair in wanted if pair not in self._known]


class TreeUses:
    """The uses in one tree. ``load`` gives contents that the repository does not have."""

    def __init__(
        self,
        references: KnownReferences,
        files: Mapping[str, Version],
        load: Loader | None = None,
    ) -> None:
        self._references = references
        self._load = load
        sources = references.sources
        self._cache = sources.cache_of(GRAPHS)
        code = code_among(files)
        # Sorted, so that the same files have one fingerprint, in whatever order they were listed.
        self._wanted = sorted(file_ids(code))
        self._linked: dict[str, UseGraph] = {}

    def used_by(self, source: Key) -> list[UseEdge]:
        """What a symbol itself uses."""
        path = source[0]
        self.look_at([path])
        graph = self._linked[path]
        return graph.used_by(source)

    def users_of(self, target: Key, paths: Iterable[str]) -> list[UseEdge]:
        """Where a symbol is used in some files."""
        paths = list(paths)
        self.look_at(paths)
        edges: list[UseEdge] = []
        for path in paths:
            graph = self._linked[path]
            edges += graph.users_of(target)
        return edges

    def reaches(self, path: str, directory: str) -> bool:
        """Whether a file uses something that lies in a directory."""
        self.look_at([path])
        graph = self._linked[path]
        for edge in graph.edges:
            target_path = edge.target[0]
            if dirname(target_path) == directory:
                return True
        return False

    @property
    def imports(self) -> list[ImportCount]:
        """How the imports of each file that was looked at fared."""
        counts: list[ImportCount] = []
        for graph in self._linked.values():
            counts += graph.imports
        return counts

    def look_at(self, paths: Iterable[str]) -> None:
        """Link some files, those that are remembered all at once."""
        keys: list[FileId] = []
        for path in paths:
            if path not in self._linked:
                keys.append(self._key(path))
        if not keys:
            return
        remembered = self._cache.get(keys)
        rows: list[CachedFile] = []
        for key in keys:
            path, name = key
            graph = remembered.get(key)
            if graph is None:
                graph = self._linker.link(path)
                encoded = GRAPHS.encode(graph)
                row = CachedFile(path, name, encoded)
                rows.append(row)
            self._linked[path] = graph
        # What could not be read this time may be read the next.
        if rows and self._is_final:
            self._cache.put(rows)
            self._cache.prune()

    def _key(self, path: str) -> FileId:
        """Under what the uses of a file are remembered: they depend on all files of the tree."""
        text = f"{self._fingerprint}\0{path}"
        data = text.encode("utf-8", "surrogateescape")
        return path, hash_bytes(data, _LENGTH)

    @cached_property
    def _fingerprint(self) -> str:
        return fingerprint_of(self._wanted)

    @cached_property
    def _files(self) -> dict[str, References]:
        return self._references.read(self._wanted, self._load)

    @cached_property
    def _is_final(self) -> bool:
        return is_final(self._files.values())

    @cached_property
    def _linker(self) -> FileByFile:
        # Uses depend on all files of a tree, so these are read when one file is not remembered.
        from git_muse_coord.symbols.link import FileByFile

        files = self._files
        self._references.sources.progress(f"linking {len(files):,} files")
        return FileByFile(files)
