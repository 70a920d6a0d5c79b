"""Versions and files by their paths, and symbols by their keys: what most of ``source`` begins with."""

from __future__ import annotations

from git_muse_coord.model.address import Address, Segment
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from git_muse_coord.model.address import Key
    from git_muse_coord.model.light import TypeVar
    from git_muse_coord.store.git.trees import Delta, Version
    from git_muse_coord.symbols.index import ReadFile
    from git_muse_coord.symbols.kinds import FileId
    from git_muse_coord.symbols.values import FileSymbols, Symbol

    F = TypeVar("F", bound=ReadFile)


def old_versions(deltas: Iterable[Delta]) -> dict[str, Version]:
    """What was there before, of paths that differ; without those that are new."""
    versions: dict[str, Version] = {}
    for delta in deltas:
        if delta.old is not None:
            versions[delta.path] = delta.old
    return versions


def file_ids(versions: Mapping[str, Version]) -> list[FileId]:
    """The path and the object id of each version that has one: what went away while we looked has none."""
    pairs: list[FileId] = []
    for path, version in versions.items():
        if version.oid:
            pairs.append((path, version.oid))
    return pairs


def symbol_text(symbol: Symbol | None) -> tuple[str, ...]:
    """What tells the text of a symbol from any other; empty where there is none."""
    if symbol is None:
        return ()
    return symbol.content, symbol.direct, symbol.text


def new_versions(deltas: Iterable[Delta]) -> dict[str, Version]:
    """What is there now, of paths that differ; without those that are gone."""
    versions: dict[str, Version] = {}
    for delta in deltas:
        if delta.new is not None:
            versions[delta.path] = delta.new
    return versions


def code_among(versions: Mapping[str, Version]) -> dict[str, Version]:
    """The files that can use something, or be used: no links, no submodules, no prose."""
    from git_muse_coord.symbols.uses import concerns  # only graphs need it, and hooks make none

    code: dict[str, Version] = {}
    for path, version in versions.items():
        if version.is_file and concerns(path):
            code[path] = version
    return code


def files_by_path(files: Iterable[F]) -> dict[str, F]:
    """What was read, by path; of several versions of one path the last."""
    return {file.path: file for file in files}


def symbols_by_key(files: Iterable[FileSymbols]) -> dict[Key, Symbol]:
    """All symbols of some files; where several have one key, as overloads do, the last."""
    symbols: dict[Key, Symbol] = {}
    for file in files:
        for symbol in file.symbols:
            symbols[symbol.key] = symbol
    return symbols


def address_of(key: Key) -> Address:
    """The address of what has a key; of overloads that share it the bare name."""
    path, *names = key
    segments = map(Segment, names)
    return Address(path, tuple(segments))
