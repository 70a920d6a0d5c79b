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

    The lines count from 1 and come in order.

    Lines outside of every symbol mean the top-level code, and the whole file where that has no
    name.
    """
    named = [symbol for symbol in file.symbols if symbol.address.segments and not symbol.is_own]
    imports = [symbol for symbol in file.symbols if symbol.is_own and symbol.kind == "imports"]
    at: dict[int, list[Symbol]] = defaultdict(list)
    for symbol in sorted([*named, *imports], key=_length, reverse=True):
        for line in lines[
            bisect_left(lines, symbol.start_line) : bisect_right(lines, symbol.end_line)
        ]:
            at[line] = [outer for outer in at[line] if not _holds(outer, symbol)] + [symbol]
    found = {symbol.address for symbols in at.values() for symbol in symbols}
    if not found:
        is_code = not file.whole and file.language and file.language not in DOCUMENTS
        return [Address(file.path, (Segment(MODULE),) if is_code else ())]
    return sorted(_outermost(found), key=str)


def _outermost(some: Iterable[Address]) -> list[Address]:
    some = list(some)
    return [one for one in some if not any(other.covers(one) for other in some if other != one)]


def _length(symbol: Symbol) -> int:
    return symbol.end_byte - symbol.start_byte


def _holds(outer: Symbol, inner: Symbol) -> bool:
    return outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte
