"""The symbols of a file as bytes, for the cache and for pipes between processes. Paths are not part of it.

They lie there by columns and not symbol by symbol: a merge reads back tens of thousands, and what is
done to a whole column is a loop in C.
"""

from __future__ import annotations

from itertools import repeat, starmap

from git_muse_coord.model import light_json
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.symbols.values import (
    FileSymbols,
    Symbol,
    Tags,
    UnreadRegion,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

_AS_BODY = ""
"""In place of what is directly in a symbol: the same as its body."""
_NO_TOKENS = "-"
"""In its place, too: nothing, although the body has something."""

_as_json = light_json.writer()


def encode_symbols(file: FileSymbols) -> bytes:
    """A compact form; the path is left out, because equal blobs lie under many paths."""
    # There are few kinds, and many thousands of symbols.
    kinds = list(dict.fromkeys(symbol.kind for symbol in file.symbols))
    numbers = {kind: number for number, kind in enumerate(kinds)}
    rows: list[tuple[object, ...]] = []
    tags: list[tuple[int, Tags, Tags]] = []
    for index, symbol in enumerate(file.symbols):
        rows.append(_row(symbol, numbers[symbol.kind]))
        if symbol.tags or symbol.alias:  # as few have
            tags.append((index, symbol.tags, symbol.alias))
    columns = list(zip(*rows, strict=True))
    whole = (
        file.language,
        file.whole,
        file.unread,
        kinds,
        tags,
        columns,
    )
    return _as_json(whole).encode()


def _row(symbol: Symbol, kind: int) -> tuple[object, ...]:
    # Most symbols have nothing inside, so that these two are the same.
    direct = symbol.direct or _NO_TOKENS
    if symbol.direct == symbol.body:
        direct = _AS_BODY
    return (
        symbol.names,
        kind,
        symbol.start_line,
        symbol.end_line,
        symbol.start_byte,
        symbol.end_byte,
        symbol.signature,
        symbol.body,
        direct,
        symbol.head,
        symbol.decoration,
        symbol.text,
        symbol.body_start,
        symbol.body_end,
    )


def decode_symbols(path: str, value: bytes) -> FileSymbols:
    """The symbols again, under a path. Raises ValueError, TypeError or IndexError on other bytes."""
    language, whole, regions, kinds, tags, columns = light_json.loads(value.decode())
    symbols: list[Symbol] = []
    if columns:
        symbols = _symbols(path, kinds, *columns)
    for index, shown, alias in tags:
        symbol = symbols[index]
        # a tag a name, or none at all: who asks for the address would stumble over others much later
        if {len(shown), len(alias)} - {0, len(symbol.names)}:
            raise ValueError(f"{symbol.names[-1]} has other tags than names")
        symbols[index] = symbol._replace(tags=tuple(shown), alias=tuple(alias))
    unread: list[UnreadRegion] = []
    for start, end, content, opens in regions:
        unread.append(UnreadRegion(start, end, content, tuple(opens)))
    return FileSymbols(
        path,
        language,
        tuple(symbols),
        whole,
        tuple(unread),
    )


def count_stored(value: bytes) -> tuple[str, int]:
    """The language of a file, and how many symbols it has. Raises ValueError, TypeError or IndexError."""
    language, _, _, _, _, columns = light_json.loads(value.decode())
    names = columns[0] if columns else ()
    return language, len(names)


def _symbols(
    path: str,
    kinds: list[str],
    names: Iterable[list[str]],
    kind_numbers: Iterable[int],
    start_lines: Iterable[int],
    end_lines: Iterable[int],
    start_bytes: Iterable[int],
    end_bytes: Iterable[int],
    signatures: Iterable[str],
    bodies: list[str],
    directs: Iterable[str],
    *others: Iterable[object],
) -> list[Symbol]:
    """Symbols of columns, in the order of the fields; only two of them are stored in another way than they are."""
    rows = zip(
        repeat(path, len(bodies)),
        map(tuple, names),
        map(kinds.__getitem__, kind_numbers),
        start_lines,
        end_lines,
        start_bytes,
        end_bytes,
        signatures,
        bodies,
        starmap(_direct, zip(directs, bodies, strict=True)),
        *others,
        repeat((), len(bodies)),
        repeat((), len(bodies)),
        strict=True,
    )
    # as ``_make``, but in C, for they are tens of thousands
    return list(map(tuple.__new__, repeat(Symbol), rows))


def _direct(stored: str, body: str) -> str:
    if stored == _AS_BODY:
        return body
    return "" if stored == _NO_TOKENS else stored
