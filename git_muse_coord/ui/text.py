"""Text for reading: lines of styled spans, aligned tables, and the escaping of what others wrote.

Everything printed goes through ``paint``, so that nothing out of a record can reach the terminal as
a command.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from git_muse_coord.model.wording import and_more

SHORT = 12
"""Hex digits of an id in tables. JSON and ``reserve`` always give all of them."""

_ADDRESSES = 10
_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_UNSAFE = ("Cc", "Cf", "Cs", "Zl", "Zp")


class Span(NamedTuple):
    """Text in one style: bold, dim, or a colour; empty for none."""

    text: str
    style: str = ""


Line = Sequence[Span | str]
Cell = Span | str


def escape(text: str) -> str:
    """Make control and format characters, and line separators, visible instead of effective."""
    # Nearly every text is printable, and asking that of a whole one is quick.
    if text.isprintable():
        return text
    return "".join(map(_visible, text))


def paint(line: Line, colour: bool) -> str:
    """A line as it goes to the terminal."""
    if not colour:
        return escape("".join(map(_text, line)))
    return "".join(map(_painted, line))


def table(rows: Iterable[Sequence[Cell]]) -> list[Line]:
    """Align cells in columns, two spaces apart; the last column keeps its own width."""
    rows = list(rows)
    # Escaped before it is measured: what is made visible is wider than what it was.
    columns = list(map(_texts, zip(*rows, strict=True)))
    padded = [*map(_pad, columns[:-1]), *columns[-1:]]
    lines: list[Line] = []
    for texts, row in zip(zip(*padded, strict=True), rows, strict=True):
        lines.append(list(map(_styled, texts, row)))
    return lines


def head(*titles: str) -> tuple[Span, ...]:
    """The first row of a table."""
    return tuple(Span(title, "dim") for title in titles)


def at_most(
    most: int,
    lines: Sequence[Line],
    indent: str = "",
    remark: str = "",
) -> Iterator[Line]:
    """The first of some lines, and how many more there are; ``remark`` says how to see them."""
    yield from lines[:most]
    left = len(lines) - most
    if left > 0:
        yield [f"{indent}{and_more(left)}{remark}"]


def address_lines(addresses: Sequence[str]) -> Iterator[Line]:
    """Addresses below each other, as what was just written shows them."""
    lines = [[f"  Address:        {address}"] for address in addresses]
    return at_most(_ADDRESSES, lines, indent=" " * 18)


def _visible(character: str) -> str:
    if unicodedata.category(character) in _UNSAFE:
        return character.encode("unicode_escape").decode("ascii")
    return character


def _painted(part: Span | str) -> str:
    text = escape(_text(part))
    if isinstance(part, str) or not part.style:
        return text
    return f"\x1b[{_CODES[part.style]}m{text}\x1b[0m"


def _styled(text: str, cell: Cell) -> Cell:
    """A text that was aligned, in the style of its cell."""
    return text if isinstance(cell, str) else Span(text, cell.style)


def _texts(column: Sequence[Cell]) -> list[str]:
    texts = list(map(_text, column))
    # One look at all: a table of 10,000 rows is printed in the time of a column.
    return texts if "".join(texts).isprintable() else list(map(escape, texts))


def _pad(texts: Sequence[str]) -> list[str]:
    # Widths of characters are asked for one by one only where there are other than ASCII ones.
    if "".join(texts).isascii():
        widest = max(map(len, texts)) + 2
        return [text.ljust(widest) for text in texts]
    widest = max(map(_width, texts)) + 2
    padded: list[str] = []
    for text in texts:
        spaces = widest - _width(text)
        padded.append(text + " " * spaces)
    return padded


def short(content_id: str) -> str:
    """The digits of an id that a table shows, enough to name it again."""
    return content_id.removeprefix("sha256:")[:SHORT]


def clock(moment: datetime) -> str:
    """A time in UTC, to the second."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}"


def count(number: int, noun: str) -> str:
    """A number with its noun: ``1 address``, ``2 addresses``."""
    if number == 1:
        return f"1 {noun}"
    ending = "es" if noun.endswith(("s", "ch")) else "s"
    return f"{number:,} {noun}{ending}"


def _text(part: Span | str) -> str:
    return part if isinstance(part, str) else part.text


def _width(text: str) -> int:
    """How many columns a terminal gives to a text."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    # Wide and full-width characters of East Asian scripts take two.
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
