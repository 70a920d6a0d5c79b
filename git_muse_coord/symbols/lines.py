"""Which symbols stand in some lines of a file."""

from __future__ import annotations

from collections.abc import Iterable

from git_muse_coord.symbols.values import FileSymbols, Symbol


def at_lines(file: FileSymbols, spans: Iterable[range]) -> list[Symbol]:
    """The innermost symbols in some lines, which count from 1, in the order of the file."""
    wanted: set[int] = set()
    for span in spans:
        wanted.update(span)
    if not wanted:
        return []
    first, last = min(wanted), max(wanted)
    owners: dict[int, Symbol] = {}
    for symbol in file.symbols:  # what is inside comes after what is around it, and takes its lines
        for line in range(max(first, symbol.start_line), min(last, symbol.end_line) + 1):
            if line in wanted:
                owners[line] = symbol
    innermost = {id(symbol) for symbol in owners.values()}
    return [symbol for symbol in file.symbols if id(symbol) in innermost]
