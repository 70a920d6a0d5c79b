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
    # what is around others comes before them; the module, which is around all, is not among them
    candidates = sorted(_placed(file), key=_length, reverse=True)
    at_line: dict[int, list[Symbol]] = defaultdict(list)
    for symbol in candidates:
        first = bisect_left(lines, symbol.start_line)
        behind = bisect_right(lines, symbol.end_line)
        for line in lines[first:behind]:
            # two things can share a line, of which neither is in the other
            beside = [outer for outer in at_line[line] if not _holds(outer, symbol)]
            beside.append(symbol)
            at_line[line] = beside

    addresses: set[Address] = set()
    for symbols in at_line.values():
        for symbol in symbols:
            addresses.add(symbol.address)
    if not addresses:
        return [_around_all(file)]
    return sorted(_outermost(addresses), key=str)


def _placed(file: FileSymbols) -> list[Symbol]:
    """The symbols that stand somewhere in a file: definitions first, then its imports."""
    definitions: list[Symbol] = []
    imports: list[Symbol] = []
    for symbol in file.symbols:
        if not symbol.is_own:
            if symbol.names:
                definitions.append(symbol)
        elif symbol.kind == "imports":
            imports.append(symbol)
    return definitions + imports


def _around_all(file: FileSymbols) -> Address:
    """What lines outside of every symbol belong to."""
    is_code = file.language and file.language not in DOCUMENTS
    if file.whole or not is_code:
        return Address(file.path)
    module = Segment(MODULE)
    return Address(file.path, (module,))


def _outermost(addresses: Iterable[Address]) -> list[Address]:
    """The addresses that no other one covers."""
    known = list(addresses)
    outermost: list[Address] = []
    for address in known:
        # each covers itself
        around = [outer for outer in known if outer.covers(address)]
        if around == [address]:
            outermost.append(address)
    return outermost


def _length(symbol: Symbol) -> int:
    return symbol.end_byte - symbol.start_byte


def _holds(outer: Symbol, inner: Symbol) -> bool:
    if inner.start_byte < outer.start_byte:
        return False
    return inner.end_byte <= outer.end_byte
