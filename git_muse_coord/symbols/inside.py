"""Which symbols stand at some lines of a file."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence

from git_muse_coord.model.address import MODULE, Address, Segment
from git_muse_coord.symbols.languages import DOCUMENTS
from git_muse_coord.symbols.values import FileSymbols, Symbol


def innermost(file: FileSymbols, lines: Sequence[int]) -> list[Address]:
    """What is innermost at each of some lines; what lies in another of the answers is left out.

    The lines count from 1 and come in order. Lines outside of every symbol mean the top-level code,
    and the whole file where that has no name.
    """
    named = [symbol for symbol in file.symbols if symbol.address.segments and not symbol.is_own]
    imports = [symbol for symbol in file.symbols if symbol.is_own and symbol.kind == "imports"]
    # what is around others comes before them; the module, which is around all, is not among them
    candidates = sorted(named + imports, key=_length, reverse=True)
    at_line: dict[int, list[Symbol]] = defaultdict(list)
    for symbol in candidates:
        first = bisect_left(lines, symbol.start_line)
        last = bisect_right(lines, symbol.end_line)
        for line in lines[first:last]:
            beside = [outer for outer in at_line[line] if not _holds(outer, symbol)]
            at_line[line] = [*beside, symbol]

    addresses = {symbol.address for symbols in at_line.values() for symbol in symbols}
    if addresses:
        return sorted(_outermost(addresses), key=str)
    return [_around_all(file)]


def _around_all(file: FileSymbols) -> Address:
    """What lines outside of every symbol belong to."""
    has_module = not file.whole and file.language and file.language not in DOCUMENTS
    return Address(file.path, (Segment(MODULE),)) if has_module else Address(file.path)


def _outermost(addresses: Iterable[Address]) -> list[Address]:
    """The addresses that no other one covers."""
    known = list(addresses)
    outermost: list[Address] = []
    for address in known:
        if not any(outer != address and outer.covers(address) for outer in known):
            outermost.append(address)
    return outermost


def _length(symbol: Symbol) -> int:
    return symbol.end_byte - symbol.start_byte


def _holds(outer: Symbol, inner: Symbol) -> bool:
    return outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte
