"""The code in the cells of a notebook as one text, each byte of which knows its place in the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from git_muse_coord.symbols.formats.outline import Token

if TYPE_CHECKING:
    from tree_sitter import Node

_ESCAPE = re.compile(rb"\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL)
_ESCAPED = {
    b"n": b"\n",
    b"t": b"\t",
    b"r": b"\r",
    b"b": b"\b",
    b"f": b"\f",
    b'"': b'"',
    b"/": b"/",
    b"\\": b"\\",
}
_MAGIC = re.compile(rb"^[ \t]*[%!?][^\n]*", re.MULTILINE)
"""A line for the notebook itself, or for a shell: no code."""
_WRITTEN_LINE = re.compile(rb"[^\n]+")


class Cell(NamedTuple):
    """A cell, in bytes."""

    start: int
    end: int
    name: str
    """Its id; empty in files of formats before 4.5."""
    is_code: bool
    lines: list[Node]
    """The strings of its source."""
    runs: list[tuple[int, int]]


class Code:
    """The code of all cells, and where each byte of it stands in the file."""

    def __init__(self) -> None:
        self.text = bytearray()
        self.places: list[int] = []
        self.ends: list[int] = []
        self.magics: list[Token] = []

    def add(self, data: bytes, cell: Cell) -> None:
        """Take the source of a cell; lines for the notebook itself become blanks."""
        first = len(self.text)
        for line in cell.lines:
            self._add_line(data, line)
        self._take_magics(first)
        # two cells are two statements, whatever the first one ends with
        self.text += b"\n"
        self.places.append(cell.end - 1)
        self.ends.append(cell.end)

    def _add_line(self, data: bytes, line: Node) -> None:
        """Take a string of JSON, without its quotes."""
        start = line.start_byte + 1
        end = line.end_byte - 1
        for escape in _ESCAPE.finditer(data, start, end):
            decoded = _decoded(escape.group())
            size = len(decoded)
            self.text += decoded
            # all bytes of a letter stand where its escape does
            self.places += [escape.start()] * size
            self.ends += [escape.end()] * size

    def _take_magics(self, first: int) -> None:
        """Make blanks of the lines from a byte on that are no code, and keep what they say."""
        source = bytes(self.text[first:])
        pattern = _MAGIC
        if source.lstrip().startswith(b"%%"):
            # another language from here to the end
            pattern = _WRITTEN_LINE
        for magic in pattern.finditer(source):
            start = first + magic.start()
            end = first + magic.end()
            # as many as there were, so that all behind them keeps its place
            self.text[start:end] = b" " * (end - start)
            text = magic.group().strip()
            if text:
                first_place = self.places[start]
                last_place = self.ends[end - 1]
                token = Token(first_place, last_place, text)
                self.magics.append(token)

    def place(self, position: int) -> int:
        """Where something that begins at a byte of the code begins in the file."""
        if position < len(self.places):
            return self.places[position]
        return self.places[-1] if self.places else 0

    def end_place(self, position: int) -> int:
        """Where something that ends before a byte of the code ends in the file."""
        if 0 < position <= len(self.ends):
            return self.ends[position - 1]
        return self.place(position)


def _decoded(escape: bytes) -> bytes:
    if not escape.startswith(b"\\"):
        return escape
    if escape.startswith(b"\\u"):
        letter = chr(int(escape[2:], 16))
        return letter.encode("utf-8", "replace")
    # what JSON does not know as an escape stays what it is
    return _ESCAPED.get(escape[1:], escape)
