"""The graph of uses of whole trees: the one on disk, or any that git has.

A linked graph is remembered by what went into it, and the references of each file by its contents,
so a small change costs a new linking and the reading of the files that changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from git_muse_coord.source.sources import Sources
from git_muse_coord.store.git.trees import Trees, Version
from git_muse_coord.symbols.cache import CachedFile
from git_muse_coord.symbols.graph_codec import GRAPHS
from git_muse_coord.symbols.languages import VERSIONS, extension_of, reader_by_name
from git_muse_coord.symbols.uses import concerns

if TYPE_CHECKING:
    from git_muse_coord.rules.uses import UseGraph


class UseGraphs:
    """The graphs of one repository."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._trees = Trees(sources.repository)
        self._cache = self._sources.known(GRAPHS)

    def working_tree(self) -> UseGraph:
        """The graph of the tracked files as they are on disk; in a bare repository of HEAD."""
        return self.of(self._trees.tracked())

    def at(self, revision: str) -> UseGraph:
        """The graph of a commit or a tree. Raises BadInput for what is neither."""
        return self.of(self._trees.at(revision))

    def of(self, files: Mapping[str, Version]) -> UseGraph:
        """The graph of some files as a whole."""
        code = {
            path: version for path, version in files.items() if version.is_file and concerns(path)
        }
        wanted = sorted(
            (path, one.oid) for path, one in self._sources.contents.hashed(code).items() if one.oid
        )
        fingerprint = _fingerprint(wanted)
        known = self._cache.get([("", fingerprint)])
        return known["", fingerprint] if known else self._link(wanted, fingerprint)

    def _link(self, wanted: list[tuple[str, str]], fingerprint: str) -> UseGraph:
        from git_muse_coord.symbols.collect import REFERENCES
        from git_muse_coord.symbols.link import link

        found = {
            one.path: one
            for one in self._sources.read_as(REFERENCES, self._sources.known(REFERENCES), wanted)
        }
        self._sources.progress(f"linking {len(found):,} files")
        graph = link(found, unread=(path for path, _ in wanted if path not in found))
        if not any(file.whole in ("costly", "failed") for file in found.values()):
            self._cache.put([CachedFile("", fingerprint, GRAPHS.encode(graph))])
            self._cache.prune()
        return graph


def _fingerprint(files: list[tuple[str, str]]) -> str:
    from git_muse_coord.symbols.references import VERSION

    text = "".join(f"{path}\0{oid}\0" for path, oid in files)
    what_reads = f"{VERSION}\0{_table_versions(files)}\0"
    data = (what_reads + text).encode("utf-8", "surrogateescape")
    return hashlib.blake2b(data, digest_size=20).hexdigest()


def _table_versions(files: list[tuple[str, str]]) -> str:
    """The versions of the tables that may read some files; the other languages do not matter."""
    # few endings stand for many files; what has none counts as whatever may be in it
    endings = {path.rpartition(".")[2] for path, _ in files}
    readers = {reader_by_name("", extension_of(f".{ending}")) for ending in endings}
    return " ".join(f"{reader}@{VERSIONS[reader]}" for reader in sorted(readers))
