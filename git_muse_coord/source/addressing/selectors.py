"""What somebody typed behind the name of a file: a symbol, the call of one, or lines. What is there decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from git_muse_coord.model import address
from git_muse_coord.model.address import Address
from git_muse_coord.model.errors import BadInput
from git_muse_coord.rules import typed
from git_muse_coord.store.git.trees import Trees, Version

if TYPE_CHECKING:
    from git_muse_coord.store.git.repository import Repository
    from git_muse_coord.symbols.values import FileSymbols


class FileContent(NamedTuple):
    """What a file holds, and its lines."""

    symbols: FileSymbols
    lines: list[bytes]


class FileContents:
    """What is in files as git would store them: from disk, else from the index."""

    def __init__(
        self,
        repository: Repository,
        progress: Callable[[str], None],
        tracked: Callable[[str], Version | None],
    ) -> None:
        self._repository = repository
        self._progress = progress
        self._tracked = tracked
        self._known: dict[str, FileContent | None] = {}

    def of(self, path: str) -> FileContent | None:
        """What is in a file; None where there is no such file."""
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def _read(self, path: str) -> FileContent | None:
        from git_muse_coord.source.sources import Sources

        repository = self._repository
        version = (
            Trees(repository).on_disk(path) if repository.top is not None else None
        ) or self._tracked(path)
        if version is None:
            return None
        sources = Sources(repository, self._progress)
        versions = sources.contents.hashed({path: version})
        (symbols,) = sources.read(versions)
        (data,) = sources.contents.read([versions[path].oid]) if versions[path].oid else (None,)
        return FileContent(symbols, (data or b"").splitlines())


class Selectors:
    """Reads selectors."""

    def __init__(self, insides: FileContents) -> None:
        self._insides = insides

    def read(self, path: str, selector: str, text: str) -> list[Address]:
        """What a selector means in a file; ``text`` is all that was typed. Raises BadInput."""
        if path.endswith("/"):
            raise BadInput(
                f"address {text!r} names a symbol in a directory", "write dir/file::Symbol"
            )
        if typed.is_simple(selector):
            try:
                return [address.select(path, selector, text)]
            except BadInput:
                if typed.loosened(selector) == selector:
                    raise
        inside = self._insides.of(path)
        if inside is not None:
            if (exact := _there(path, selector, text, inside)) is not None:
                return [exact]
            if (span := typed.line_range(selector)) is not None:
                return _at_lines(inside, *span)
        loose = typed.loosened(selector)
        if inside is not None and "*" in loose and loose != "*":
            raise BadInput(
                f"address {text!r} is a pattern of symbols",
                f"name each, or all of the file: {path}",
            )
        return [address.select(path, loose, text)]


def _there(path: str, selector: str, text: str, inside: FileContent) -> Address | None:
    """The address that a selector is literally, if the file has such a symbol."""
    try:
        exact = address.select(path, selector, text)
    except BadInput:
        return None
    return exact if any(exact.covers(symbol.address) for symbol in inside.symbols.symbols) else None


def _at_lines(inside: FileContent, first: int, last: int) -> list[Address]:
    from git_muse_coord.symbols.inside import innermost

    path, count = inside.symbols.path, len(inside.lines)
    if not 1 <= first <= last <= count:
        raise BadInput(
            f"{path} has {count:,} lines, not {first:,} to {last:,}", f"name a symbol: {path}::NAME"
        )
    span = range(first, last + 1)
    written = [
        line for line in span if inside.lines[line - 1].strip()
    ]  # between two methods there is no third thing
    return innermost(inside.symbols, written or span)
