"""The graph of uses of whole trees: the one on disk, or any that git has.

A linked graph is remembered by what went into it, and the references of each file by its contents,
so a small change costs a new linking and the reading of the files that changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.source.by_path import code_among, file_ids, files_by_path
from git_muse_coord.source.sources import Sources
from git_muse_coord.store.git.tree_files import TreeFiles
from git_muse_coord.store.git.trees import Version
from git_muse_coord.symbols.cache import CachedFile
from git_muse_coord.symbols.graph_codec import GRAPHS
from git_muse_coord.symbols.hashes import hash_bytes
from git_muse_coord.symbols.kinds import UNCERTAIN, FileId
from git_muse_coord.symbols.languages import VERSIONS, extension_of, reader_by_name

if TYPE_CHECKING:
    from git_muse_coord.rules.uses import UseGraph
    from git_muse_coord.symbols.references import References

_WHOLE_TREE = ""
"""What stands where the cache has a path: a graph is of all files."""
_LENGTH = 20
"""Characters of a fingerprint."""


class UseGraphs:
    """The graphs of one repository."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._tree_files = TreeFiles(sources.repository)
        self._cache = self._sources.cache_of(GRAPHS)

    def working_tree(self) -> UseGraph:
        """The graph of the tracked files as they are on disk; in a bare repository of HEAD."""
        return self.of(self._tree_files.tracked())

    def at(self, revision: str) -> UseGraph:
        """The graph of a commit or a tree. Raises BadInput for what is neither."""
        return self.of(self._tree_files.at(revision))

    def of(self, files: Mapping[str, Version]) -> UseGraph:
        """The graph of some files as a whole."""
        code = code_among(files)
        hashed = self._sources.contents.hashed(code)
        # Sorted, so that the same files have one fingerprint, in whatever order they were listed.
        wanted = sorted(file_ids(hashed))
        fingerprint = fingerprint_of(wanted)
        key = (_WHOLE_TREE, fingerprint)
        cached = self._cache.get([key])
        if key in cached:
            return cached[key]
        return self._link(wanted, fingerprint)

    def _link(self, wanted: list[FileId], fingerprint: str) -> UseGraph:
        from git_muse_coord.symbols.link import link

        read = self._sources.references(wanted)
        references = files_by_path(read)
        unread: list[str] = []
        for path, _ in wanted:
            if path not in references:
                unread.append(path)
        self._sources.progress(f"linking {len(references):,} files")
        graph = link(references, unread=unread)
        if is_final(references.values()):
            encoded = GRAPHS.encode(graph)
            row = CachedFile(_WHOLE_TREE, fingerprint, encoded)
            self._cache.put([row])
            self._cache.prune()
        return graph


def is_final(files: Iterable[References]) -> bool:
    """Whether the next attempt would read the same in each file."""
    for file in files:
        if file.whole in UNCERTAIN:
            return False
    return True


def fingerprint_of(files: list[FileId]) -> str:
    """What names a graph: the files in it, and the versions of what reads them."""
    from git_muse_coord.symbols.references import VERSION

    tables = _table_versions(files)
    parts = [f"{VERSION}\0{tables}\0"]
    for path, oid in files:
        parts.append(f"{path}\0{oid}\0")
    text = "".join(parts)
    # Paths come from git as bytes, and those that are no UTF-8 hold surrogates.
    data = text.encode("utf-8", "surrogateescape")
    return hash_bytes(data, _LENGTH)


def _table_versions(files: list[FileId]) -> str:
    """The versions of the tables that may read some files; the other languages do not matter."""
    endings: set[str] = set()
    for path, _ in files:
        # few endings stand for many files; what has none counts as whatever may be in it
        _, _, ending = path.rpartition(".")
        endings.add(ending)
    readers: set[str] = set()
    for ending in endings:
        extension = extension_of(f".{ending}")
        reader = reader_by_name("", extension)
        readers.add(reader)
    versions: list[str] = []
    for reader in sorted(readers):
        version = VERSIONS[reader]
        versions.append(f"{reader}@{version}")
    return " ".join(versions)
