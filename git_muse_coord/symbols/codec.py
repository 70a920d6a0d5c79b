"""The symbols of a file as bytes, for the cache and for pipes between processes. Paths are not part of it."""

from __future__ import annotations

import json
from sys import intern
from typing import Any

from git_muse_coord.model.address import Address, Segment
from git_muse_coord.symbols.values import FileSymbols, Symbol, UnreadRegion


def encode_symbols(file: FileSymbols) -> bytes:
    """A compact form; the path is left out, because equal blobs lie under many paths."""
    rows = [
        (
            [list(segment) if segment.signature else segment.name for segment in symbol.address.segments],
            symbol.kind, symbol.start_line, symbol.end_line, symbol.start_byte, symbol.end_byte,
            symbol.signature, symbol.body,
            "" if symbol.direct == symbol.body else symbol.direct or "-",
            symbol.head, symbol.decoration, symbol.text, symbol.body_start, symbol.body_end,
        )
        for symbol in file.symbols
    ]  # fmt: skip
    unread = [(each.start_byte, each.end_byte, each.content, each.opens) for each in file.unread]
    return json.dumps([file.language, file.whole, rows, unread], separators=(",", ":")).encode()


def decode_symbols(path: str, value: bytes) -> FileSymbols:
    """The symbols again, under a path. Raises ValueError, TypeError or IndexError on other bytes."""
    language, whole, rows, unread = json.loads(value)
    symbols = tuple(_symbol(path, row) for row in rows)
    return FileSymbols(path, language, symbols, whole, tuple(_unread(*row) for row in unread))


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
    names = tuple(Segment(each) if isinstance(each, str) else Segment(*each) for each in segments)
    direct = body if direct == "" else "" if direct == "-" else direct
    return Symbol(
        Address(path, names), intern(kind), line, end_line, start, end, signature, body, direct, head,
        decoration, text, opening, closing,
    )  # fmt: skip
