"""The verb ``symbols``."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from git_muse_coord.commands.app import App
from git_muse_coord.commands.options import argument, option, verb
from git_muse_coord.coordinator.answers.symbol_list import SymbolLine
from git_muse_coord.coordinator.symbols import SymbolsResult, symbols
from git_muse_coord.ui.text import Line, Span

_STYLES = {
    "added": "green",
    "deleted": "red",
    "formatting": "dim",
}


def _symbols(result: SymbolsResult) -> Iterator[Line]:
    """A table, but one that is never in memory as a whole."""
    if not result.symbols:
        yield ["No symbols."]
        return
    # Two passes over packed lines cost less than a table of millions of rows in memory.
    width = len("LINES")
    kind_width = len("KIND")
    for symbol in result.symbols:
        width = max(width, len(_lines(symbol)))
        kind_width = max(kind_width, len(symbol.kind))
    yield [Span(f"{'LINES':{width}}  {'KIND':{kind_width}}  ADDRESS", "dim")]
    for symbol in result.symbols:
        yield [f"{_lines(symbol):{width}}  {symbol.kind:{kind_width}}  {_typed(symbol.address)}"]


def _lines(symbol: SymbolLine) -> str:
    return f"{symbol.start_line}-{symbol.end_line}"


def _typed(address: str) -> str:
    """An address as a shell takes it: in quotes where brackets and the like would mean something there."""
    return shlex.quote(address)


def _changes(result: SymbolsResult) -> Iterator[Line]:
    if not result.changes:
        yield ["No changes."]
        return
    kinds = [change.change for change in result.changes]
    width = max(map(len, kinds)) + 2
    for change in result.changes:
        style = _STYLES.get(change.change, "yellow")
        kind = change.change.ljust(width)
        yield [Span(kind, style), _typed(change.address)]
        origin = change.from_address
        if origin is not None and origin != change.address:
            yield [" " * width, Span(f"from {_typed(origin)}", "dim")]


@verb(
    "symbols",
    _symbols,
    argument("paths", multiple=True, metavar="[PATH]..."),
    option(
        "--changed",
        alone="",
        metavar="[RANGE]",
        help="What differs, and how: in the index from HEAD, or in A..B, A...B, A (for A...HEAD), A^! (one commit).",
    ),
)
def symbols_command(
    app: App,
    paths: Sequence[str],
    changed: str | None,
) -> SymbolsResult:
    """Show what can be addressed in the files, or in all tracked ones.

    PATH is a file, a directory/ or an address, from the root of the repository; a leading ./ means:
    from here.
    """
    if changed is not None:
        app.render = _changes
    return symbols(app.open(), paths, changed=changed)
