"""What somebody typed behind the name of a file: a symbol, the call of one, or lines. What is there decides."""

from __future__ import annotations

from git_muse_coord.model.address import select
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.rules import typed
from git_muse_coord.store.git.trees import version_on_disk

if TYPE_CHECKING:
    from collections.abc import Callable

    from git_muse_coord.model.address import Address
    from git_muse_coord.store.git.repository import Repository
    from git_muse_coord.store.git.trees import Version
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

        version = self._version(path)
        if version is None:
            return None
        sources = Sources(self._repository, self._progress)
        versions = sources.contents.hashed({path: version})
        (symbols,) = sources.read(versions)
        oid = versions[path].oid
        data = None
        if oid:
            (data,) = sources.contents.read([oid])
        lines: list[bytes] = []
        if data is not None:
            lines = data.splitlines()
        return FileContent(symbols, lines)

    def _version(self, path: str) -> Version | None:
        """What is on disk; what a sparse checkout left out, or a bare repository has, is tracked only."""
        version = None
        if self._repository.top is not None:
            version = version_on_disk(self._repository, path)
        return version or self._tracked(path)


class Selectors:
    """Reads selectors."""

    def __init__(self, contents: FileContents) -> None:
        self._contents = contents

    def read(
        self,
        path: str,
        selector: str,
        text: str,
    ) -> list[Address]:
        """What a selector means in a file; ``text`` is all that was typed. Raises BadInput."""
        if path.endswith("/"):
            return [select(path, selector, text)]  # which refuses it
        loose = typed.loosened(selector)
        if typed.is_simple(selector):
            try:
                return [select(path, selector, text)]
            except BadInput:
                if loose == selector:  # there is no other way to read it
                    raise
        content = self._contents.of(path)
        if content is None:
            return [select(path, loose, text)]
        # What is there under just that name comes first: a name may well look like a call or a line.
        exact = _exact(path, selector, text, content)
        if exact is not None:
            return [exact]
        lines = typed.line_range(selector)
        if lines is not None:
            return _at_lines(content, *lines)
        if "*" in loose and loose != "*":
            raise BadInput(
                f"address {text!r} is a pattern of symbols",
                f"name each, or all of the file: {path}",
            )
        return [select(path, loose, text)]


def _exact(
    path: str,
    selector: str,
    text: str,
    content: FileContent,
) -> Address | None:
    """The address that a selector is literally, if the file has such a symbol."""
    try:
        address = select(path, selector, text)
    except BadInput:
        return None
    for symbol in content.symbols.symbols:
        if symbol.answers_to(address):
            return address
    return None


def _at_lines(
    content: FileContent,
    first: int,
    last: int,
) -> list[Address]:
    """The innermost symbols in lines of a file, counted from 1. Raises BadInput for lines that it has not."""
    from git_muse_coord.symbols.inside import innermost

    path = content.symbols.path
    count = len(content.lines)
    if not 1 <= first <= last <= count:
        raise BadInput(
            f"{path} has {count:,} lines, not {first:,} to {last:,}",
            f"name a symbol: {path}::NAME",
        )
    numbers = range(first, last + 1)
    written: list[int] = []
    for number in numbers:
        line = content.lines[number - 1]
        if line.strip():
            written.append(number)
    # Between two methods there is no third thing: an empty line there is in nobody's symbol.
    return innermost(content.symbols, written or numbers)
