"""One symbol cut out of its file, so that it can be parsed alone: a file is many times as long.

Only where that gives the very nodes that stand in the tree of the file: for Python, whose statements
mean the same wherever they stand, and for files that were read in full.
"""

from __future__ import annotations

from typing import NamedTuple

from git_muse_coord.symbols.values import Symbol

_BLANKS = b" \t"
_AROUND = b"if 1:\n"
"""What an indented statement stands in."""


class Source(NamedTuple):
    """A symbol, and the file in which it stands, or the part of it that matters.

    ``is_clear``: nothing of the file is unread, so that each symbol is what it seems to be.
    """

    symbol: Symbol
    language: str
    data: bytes
    is_clear: bool = False


def clip(source: Source) -> Source | None:
    """The lines of a symbol alone; None where they might be read in another way than in their file."""
    symbol, language, data, is_clear = source
    if language != "python" or not is_clear:
        return None
    # What a file has besides its definitions stands all over it.
    if not symbol.names or symbol.is_own:
        return None
    first = data.rfind(b"\n", 0, symbol.start_byte) + 1
    indent = data[first : symbol.start_byte]
    text = data[first : symbol.end_byte]
    rest_of_line, _, _ = data[symbol.end_byte :].partition(b"\n")
    if indent.strip(_BLANKS) or rest_of_line.strip():
        return None
    # A comment above belongs to the symbol, but to no node of it.
    if text.lstrip(_BLANKS).startswith(b"#"):
        return None
    before = _AROUND if indent else b""
    shift = len(before) - first
    moved = symbol._replace(
        start_byte=symbol.start_byte + shift,
        end_byte=symbol.end_byte + shift,
        body_start=symbol.body_start + shift,
        body_end=symbol.body_end + shift,
    )
    return Source(moved, language, before + text + b"\n")
