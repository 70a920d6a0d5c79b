"""Text for reading: lines of styled spans, aligned tables, and the escaping of what others wrote.

Everything printed goes through ``paint``, so that nothing out of a record can reach the terminal as
a command.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

SHORT = 12
"""Hex digits of an id in tables. JSON and ``reserve`` always give all of them."""

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
    if text.isprintable():
        return text
    return "".join(
        character.encode("unicode_escape").decode("ascii")
        if unicodedata.category(character) in _UNSAFE
        else character
        for character in text
    )


def paint(line: Line, colour: bool) -> str:
    """A line as it goes to the terminal."""
    if not colour:
        return escape("".join([_text(part) for part in line]))
    return "".join(
        escape(_text(part))
        if isinstance(part, str) or not part.style
        else f"\x1b[{_CODES[part.style]}m{escape(part.text)}\x1b[0m"
        for part in line
    )


def table(rows: Iterable[Sequence[Cell]]) -> list[Line]:
    """Align cells in columns, two spaces apart; the last column keeps its own width."""
    rows = list(rows)
    columns = list(map(_texts, zip(*rows, strict=True)))
    padded = [*map(_pad, columns[:-1]), *columns[-1:]]
    return [
        [
            text if isinstance(cell, str) else Span(text, cell.style)
            for text, cell in zip(texts, row, strict=True)
        ]
        for texts, row in zip(zip(*padded, strict=True), rows, strict=True)
    ]


def _texts(column: Sequence[Cell]) -> list[str]:
    texts = [cell if isinstance(cell, str) else cell.text for cell in column]
    return texts if "".join(texts).isprintable() else list(map(escape, texts))


def _pad(texts: Sequence[str]) -> list[str]:
    if "".join(texts).isascii():  # as nearly always
        widest = max(map(len, texts)) + 2
        return [text.ljust(widest) for text in texts]
    widths = [_width(text) for text in texts]
    widest = max(widths) + 2
    return [text + " " * (widest - width) for text, width in zip(texts, widths, strict=True)]


def short(content_id: str) -> str:
    """The digits of an id that a table shows, enough to name it again."""
    return content_id.removeprefix("sha256:")[:SHORT]


def clock(moment: datetime) -> str:
    """A time in UTC, to the second."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}"


def span_of_time(seconds: int) -> str:
    """A length of time in its largest unit: ``45 s``, ``59 min``, ``3 h``, ``12 d``."""
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def count(number: int, noun: str) -> str:
    """A number with its noun: ``1 address``, ``2 addresses``."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun}{'es' if noun.endswith(('s', 'ch')) else 's'}"


def _text(part: Span | str) -> str:
    return part if isinstance(part, str) else part.text


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
