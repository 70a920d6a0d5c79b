"""The code that one side of a merge changed: its bytes, and what is named and used in it.

All files are read at once, when the first is asked for: one git process a symbol took longer than
everything else.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import cached_property
from git_muse_coord.source.by_path import (
    code_among,
    files_by_path,
    new_versions,
    old_versions,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from git_muse_coord.model.address import Key
    from git_muse_coord.source.changed import Differences
    from git_muse_coord.source.sources import Sources
    from git_muse_coord.store.git.trees import Delta, Version
    from git_muse_coord.symbols.clips import Source
    from git_muse_coord.symbols.references import References
    from git_muse_coord.symbols.signatures import CallComparison
    from git_muse_coord.symbols.values import FileSymbols, Symbol

    OidsByPath = dict[str, str]
    BytesByPath = dict[str, bytes | None]
    """Contents; None where they cannot be read."""


class SideCode:
    """The files of code among some that differ. Whatever is no code has no bytes and no references here."""

    def __init__(
        self,
        sources: Sources,
        deltas: Iterable[Delta],
        differences: Differences,
    ) -> None:
        self._sources = sources
        self._deltas = list(deltas)
        self._differences = differences

    @cached_property
    def calls(self) -> CallComparison:
        """What looks at the callers of what this side changed."""
        from git_muse_coord.symbols.signatures import CallComparison

        return CallComparison()

    @cached_property
    def references(self) -> dict[str, References]:
        """What is named and used in each file, as it is now."""
        wanted = list(self._oids_after.items())
        read = self._sources.references(wanted)
        return files_by_path(read)

    @cached_property
    def references_before(self) -> dict[str, References]:
        """The same, as each file was at the base."""
        wanted = list(self._oids_before.items())
        read = self._sources.references(wanted)
        return files_by_path(read)

    @cached_property
    def broken(self) -> set[str]:
        """The paths of what does not parse, as it is now."""
        paths: set[str] = set()
        for path, file in self.references.items():
            if file.broken:
                paths.add(path)
        return paths

    def text(self, path: str) -> bytes:
        """The bytes of a file, as it is now; empty where it cannot be read."""
        return self._bytes_after.get(path) or b""

    def source_before(self, key: Key) -> Source | None:
        """The text of a symbol at the base; None where it is not there, or several have the name."""
        path = key[0]
        file = self._differences.before.get(path)
        data = self._bytes_before.get(path)
        return _source(key, file, data)

    def source(self, key: Key) -> Source | None:
        """The text of a symbol as it is now; None where it is not there, or several have the name."""
        path = key[0]
        file = self._differences.after.get(path)
        data = self._bytes_after.get(path)
        return _source(key, file, data)

    @cached_property
    def _bytes_before(self) -> BytesByPath:
        return self._read(self._oids_before)

    @cached_property
    def _bytes_after(self) -> BytesByPath:
        return self._read(self._oids_after)

    @cached_property
    def _oids_before(self) -> OidsByPath:
        versions = old_versions(self._deltas)
        return _oids_of_code(versions)

    @cached_property
    def _oids_after(self) -> OidsByPath:
        versions = new_versions(self._deltas)
        return _oids_of_code(versions)

    def _read(self, oids_by_path: OidsByPath) -> BytesByPath:
        oids = list(oids_by_path.values())
        contents = self._sources.contents.read(oids)
        return dict(zip(oids_by_path, contents, strict=True))


def _oids_of_code(versions: Mapping[str, Version]) -> OidsByPath:
    """The object ids of the files of code."""
    oids: OidsByPath = {}
    for path, version in code_among(versions).items():
        oids[path] = version.oid
    return oids


def _source(
    key: Key,
    file: FileSymbols | None,
    data: bytes | None,
) -> Source | None:
    if file is None or data is None:
        return None
    from git_muse_coord.symbols.clips import Source

    names = key[1:]
    symbols: list[Symbol] = []
    for symbol in file.symbols:
        if symbol.names == names:
            symbols.append(symbol)
    # Overloads share a name: which of them is called cannot be told from here.
    if len(symbols) != 1:
        return None
    is_clear = not file.unread
    return Source(symbols[0], file.language, data, is_clear)
