"""What differs between two texts of files, down to the symbols, where one of them is nowhere yet but in memory.

All is read in this process, and remembered: what an edit makes is what the next one begins with.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import MappingProxyType
from git_muse_coord.source.changed import Differences
from git_muse_coord.symbols.cache import CachedFile
from git_muse_coord.symbols.changes import changes
from git_muse_coord.symbols.kinds import SYMBOLS, UNCERTAIN
from git_muse_coord.symbols.values import FileSymbols

if TYPE_CHECKING:
    from collections.abc import Mapping

    from git_muse_coord.source.sources import Sources
    from git_muse_coord.symbols.renames import Reader

    Texts = Mapping[str, bytes]
    """The contents of files by path."""

_BINARY = "binary"


def differences_of_texts(
    sources: Sources,
    before: Texts,
    after: Texts,
    oids_before: Mapping[str, str] = MappingProxyType({}),
) -> Differences:
    """The changes of symbols between two versions of some files; those that are binary are left out.

    Where the symbols of ``oids_before`` are known, those count, and not the text given.
    """
    symbols_before = _read(sources, before)
    known = sources.cache.get(oids_before.items())
    for pair, file in known.items():
        path, _ = pair
        if path in after:
            symbols_before[path] = file
    symbols_after = _read(sources, after)
    # A file that was text and becomes binary, or the other way round, has no symbols to compare.
    for path in [*symbols_before, *symbols_after]:
        file_before = symbols_before.get(path)
        file_after = symbols_after.get(path)
        if _is_binary(file_before) or _is_binary(file_after):
            symbols_before.pop(path, None)
            symbols_after.pop(path, None)
    changes_of_symbols = changes(
        symbols_before,
        symbols_after,
        read_before=_reader(before),
        read_after=_reader(after),
    )
    return Differences(changes_of_symbols, symbols_before, symbols_after)


def _is_binary(file: FileSymbols | None) -> bool:
    if file is None:
        return False
    return file.whole == _BINARY


def _reader(texts: Texts) -> Reader:
    """What gives the texts again, for who looks for renames."""
    return lambda paths: map(texts.get, paths)


def _read(sources: Sources, texts: Texts) -> dict[str, FileSymbols]:
    oids: dict[str, str] = {}
    for path, data in texts.items():
        oids[path] = sources.contents.oid(data)
    known = sources.cache.get(oids.items())
    files: dict[str, FileSymbols] = {}
    learned: list[CachedFile] = []
    for pair in oids.items():
        file = known.get(pair)
        path, oid = pair
        if file is None:
            file = SYMBOLS.read(path, texts[path])
            # What depends on the load of the machine must be tried again.
            is_final = file.whole not in UNCERTAIN
            if is_final:
                encoded = SYMBOLS.encode(file)
                row = CachedFile(path, oid, encoded)
                learned.append(row)
        files[path] = file
    sources.cache.put(learned)
    return files
