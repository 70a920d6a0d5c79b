"""The verb ``symbols``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from git_muse_coord.commands.common import App, verb
from git_muse_coord.coordinator.answers.symbol_list import SymbolLine
from git_muse_coord.coordinator.symbols import SymbolsResult, symbols
from git_muse_coord.ui.text import Line, Span

_STYLES = {"added": "green", "deleted": "red", "formatting": "dim"}


def _symbols(result: SymbolsResult) -> Iterator[Line]:
    """A table, but one that is never in memory as a whole."""
    if not result.symbols:
        yield ["No symbols."]
        return
    lines = max(len(_lines(one)) for one in result.symbols)
    kinds = max(len("KIND"), max(len(one.kind) for one in result.symbols))
    yield [Span(f"{'LINES':{lines}}  {'KIND':{kinds}}  ADDRESS", "dim")]
    for one in result.symbols:
        yield [f"{_lines(one):{lines}}  {one.kind:{kinds}}  {one.address}"]


def _lines(one: SymbolLine) -> str:
    return f"{one.start_line}-{one.end_line}".ljust(len("LINES"))


def _changes(result: SymbolsResult) -> Iterator[Line]:
    if not result.changes:
        yield ["No changes."]
        return
    width = max(len(one.change) for one in result.changes) + 2
    for one in result.changes:
        yield [Span(one.change.ljust(width), _STYLES.get(one.change, "yellow")), one.address]
        if one.from_address is not None and one.from_address != one.address:
            yield [" " * width, Span(f"from {one.from_address}", "dim")]


@verb("symbols", _symbols)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--changed",
    is_flag=False,
    flag_value="",
    metavar="[RANGE]",
    help="What differs, and how: in the index from HEAD, or in A..B, A...B, A (for A...HEAD), A^! (one commit).",
)
def symbols_command(app: App, paths: Sequence[str], changed: str | None) -> SymbolsResult:
    """Show what can be addressed in the files, or in all tracked ones.

    PATH is a file, a directory/ or an address, from the root of the repository; a leading ./ means:
    from here.
    """
    if changed is not None:
        app.render = _changes
    return symbols(app.open(), paths, changed=changed)
