"""A chunk of files that are read one after the other, and what there is to store of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import (
    Any,
    NamedTuple,
    Protocol,
    TypeVar,
)

from git_muse_coord.symbols.cache import CachedFile
from git_muse_coord.symbols.kinds import UNCERTAIN, ReadingKind
from git_muse_coord.symbols.uses import concerns


class ReadFile(Protocol):
    """What is read from one file; ``whole`` says why it was not read inside."""

    @property
    def path(self) -> str: ...  # noqa: D102

    @property
    def whole(self) -> str: ...  # noqa: D102


F = TypeVar("F", bound=ReadFile)
Result = tuple[CachedFile, F | None, CachedFile | None]
"""What is to be stored, what was read where that is known here, and what is to be stored of the uses."""


class LoadedFile(NamedTuple):
    """A file that is to be read."""

    path: str
    oid: str
    data: bytes


def read_chunk(
    kind: ReadingKind[F],
    beside: ReadingKind[Any] | None,
    chunk: list[LoadedFile],
) -> list[Result[F]]:
    """Read files in this process."""
    if beside is None:
        return _encoded(kind, chunk, kind.read)
    # which is loaded by who reads source, and by nobody else
    from git_muse_coord.symbols.grammar import parsing_once

    results: list[Result[F]] = []
    for item in chunk:
        with parsing_once(item.data):
            ((entry, file, _),) = _encoded(kind, [item], kind.read)
            results.append((entry, file, _beside(beside, item)))
    return results


def whole_chunk(kind: ReadingKind[F], chunk: list[LoadedFile]) -> list[Result[F]]:
    """The same files where they could not be read: taken as a whole."""
    return _encoded(kind, chunk, kind.failed)


def _beside(kind: ReadingKind[Any], item: LoadedFile) -> CachedFile | None:
    """What else there is to store of a file; nothing where it holds no code, or the next attempt may do better."""
    if not concerns(item.path):
        return None
    file = kind.read(item.path, item.data)
    if file.whole in UNCERTAIN:
        return None
    return CachedFile(item.path, item.oid, kind.encode(file))


def _encoded(
    kind: ReadingKind[F],
    chunk: list[LoadedFile],
    read: Callable[[str, bytes], F],
) -> list[Result[F]]:
    results: list[Result[F]] = []
    for path, oid, data in chunk:
        file = read(path, data)
        value = kind.encode(file)
        entry = CachedFile(file.path, oid, value)
        results.append((entry, file, None))
    return results
