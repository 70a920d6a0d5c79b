"""The symbols of a file as bytes, for the cache and for pipes between processes. Paths are not part of it."""

from __future__ import annotations

import json
from sys import intern
from typing import Any

from git_muse_coord.model.address import Address, Segment
from git_muse_coord.symbols.values import FileSymbols, Symbol, UnreadRegion

_AS_BODY = ""
"""In place of what is directly in a symbol: the same as its body."""
_NO_TOKENS = "-"
"""In its place, too: nothing, although the body has something."""


def encode_symbols(file: FileSymbols) -> bytes:
    """A compact form; the path is left out, because equal blobs lie under many paths."""
    symbols: list[object] = []
    for symbol in file.symbols:
        symbols.append(_symbol_row(symbol))
    unread: list[object] = []
    for region in file.unread:
        unread.append((region.start_byte, region.end_byte, region.content, region.opens))
    whole = [file.language, file.whole, symbols, unread]
    # Without blanks: nobody reads it, and a cache has many of them.
    return json.dumps(whole, separators=(",", ":")).encode()


def _symbol_row(symbol: Symbol) -> tuple[object, ...]:
    """A symbol as it is stored. A name without a signature is a text alone."""
    segments: list[object] = []
    for segment in symbol.address.segments:
        if segment.signature:
            segments.append(list(segment))
        else:
            segments.append(segment.name)
    # Most symbols have nothing inside, so that these two are the same.
    direct = symbol.direct or _NO_TOKENS
    if symbol.direct == symbol.body:
        direct = _AS_BODY
    return (
        segments,
        symbol.kind,
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
    language, whole, symbol_rows, unread_rows = json.loads(value)
    symbols: list[Symbol] = []
    for row in symbol_rows:
        symbols.append(_symbol(path, row))
    unread: list[UnreadRegion] = []
    for row in unread_rows:
        unread.append(_unread(*row))
    return FileSymbols(
        path,
        language,
        tuple(symbols),
        whole,
        tuple(unread),
    )


def _unread(
    start: int,
    end: int,
    content: str,
    opens: list[str],
) -> UnreadRegion:
    return UnreadRegion(start, end, content, tuple(opens))


def _symbol(path: str, row: list[Any]) -> Symbol:
    (
        segments,
        kind,
        line,
        end_line,
        start,
        end,
        signature,
        body,
        direct,
        head,
        decoration,
        text,
        opening,
        closing,
    ) = row
    names = tuple(map(_segment, segments))
    if direct == _AS_BODY:
        direct = body
    elif direct == _NO_TOKENS:
        direct = ""
    return Symbol(
        Address(path, names),
        # There are few kinds, and many thousands of symbols.
        intern(kind),
        line,
        end_line,
        start,
        end,
        signature,
        body,
        direct,
        head,
        decoration,
        text,
        opening,
        closing,
    )


def _segment(stored: Any) -> Segment:
    if isinstance(stored, str):
        return Segment(stored)
    return Segment(*stored)
