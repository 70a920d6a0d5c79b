"""Versions and files by their paths, and symbols by their keys: what most of ``source`` begins with."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from git_muse_coord.model.address import Key
    from git_muse_coord.model.light import TypeVar
    from git_muse_coord.store.git.trees import Delta, Version
    from git_muse_coord.symbols.index import ReadFile
    from git_muse_coord.symbols.values import FileSymbols, Symbol

    F = TypeVar("F", bound=ReadFile)


def old_versions(deltas: Iterable[Delta]) -> dict[str, Version]:
    """What was there before, of paths that differ; without those that are new."""
    versions: dict[str, Version] = {}
    for delta in deltas:
        if delta.old is not None:
            versions[delta.path] = delta.old
    return versions


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
