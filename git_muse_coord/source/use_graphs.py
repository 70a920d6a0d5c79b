"""The graph of uses of whole trees: the one on disk, or any that git has.

A linked graph is remembered by what went into it, and the references of each file by its contents,
so a small change costs a new linking and the reading of the files that changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from git_muse_coord.source.by_path import code_among, files_by_path
from git_muse_coord.source.sources import Sources
from git_muse_coord.store.git.trees import Trees, Version
from git_muse_coord.symbols.cache import CachedFile
from git_muse_coord.symbols.graph_codec import GRAPHS
from git_muse_coord.symbols.languages import VERSIONS, extension_of, reader_by_name

if TYPE_CHECKING:
    from git_muse_coord.rules.uses import UseGraph

_WHOLE_TREE = ""
"""What stands where the cache has a path: a graph is of all files."""
_MAY_CHANGE = ("costly", "failed")
"""Why a file was not read inside, where the next attempt may do better."""


class UseGraphs:
    """The graphs of one repository."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._trees = Trees(sources.repository)
        self._cache = self._sources.cache_of(GRAPHS)

    def working_tree(self) -> UseGraph:
        """The graph of the tracked files as they are on disk; in a bare repository of HEAD."""
        return self.of(self._trees.tracked())

    def at(self, revision: str) -> UseGraph:
        """The graph of a commit or a tree. Raises BadInput for what is neither."""
        return self.of(self._trees.at(revision))

    def of(self, files: Mapping[str, Version]) -> UseGraph:
        """The graph of some files as a whole."""
        code = self._sources.contents.hashed(code_among(files))
        wanted: list[tuple[str, str]] = []
        for path, version in code.items():
            if version.oid:  # else it went away while we looked
                wanted.append((path, version.oid))
        wanted.sort()
        fingerprint = _fingerprint(wanted)
        cached = self._cache.get([(_WHOLE_TREE, fingerprint)])
        if cached:
            return cached[_WHOLE_TREE, fingerprint]
        return self._link(wanted, fingerprint)

    def _link(self, wanted: list[tuple[str, str]], fingerprint: str) -> UseGraph:
        from git_muse_coord.symbols.collect import REFERENCES
        from git_muse_coord.symbols.link import link

        cache = self._sources.cache_of(REFERENCES)
        read = self._sources.read_as(REFERENCES, cache, wanted)
        references = files_by_path(read)
        unread = [path for path, _ in wanted if path not in references]
        self._sources.progress(f"linking {len(references):,} files")
        graph = link(references, unread=unread)
        is_final = all(file.whole not in _MAY_CHANGE for file in references.values())
        if is_final:
            self._cache.put([CachedFile(_WHOLE_TREE, fingerprint, GRAPHS.encode(graph))])
            self._cache.prune()
        return graph


def _fingerprint(files: list[tuple[str, str]]) -> str:
    """What names a graph: the files in it, and the versions of what reads them."""
    from git_muse_coord.symbols.references import VERSION

    names = "".join(f"{path}\0{oid}\0" for path, oid in files)
    text = f"{VERSION}\0{_table_versions(files)}\0{names}"
    # Paths come from git as bytes, and those that are no UTF-8 hold surrogates.
    data = text.encode("utf-8", "surrogateescape")
    return hashlib.blake2b(data, digest_size=20).hexdigest()


def _table_versions(files: list[tuple[str, str]]) -> str:
    """The versions of the tables that may read some files; the other languages do not matter."""
    # few endings stand for many files; what has none counts as whatever may be in it
    endings = {path.rpartition(".")[2] for path, _ in files}
    readers = {reader_by_name("", extension_of(f".{ending}")) for ending in endings}
    return " ".join(f"{reader}@{VERSIONS[reader]}" for reader in sorted(readers))
