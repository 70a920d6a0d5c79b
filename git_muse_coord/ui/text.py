"""Text for reading: lines of styled spans, aligned tables, and the escaping of what others wrote.

Everything printed goes through ``paint``, so that nothing out of a record can reach the terminal as
a command.
"""

from __future__ import annotations

from git_muse_coord.model.later import unicodedata
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.wording import and_more

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TypeAlias

_ADDRESSES = 10
_CODES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "cyan": "36",
}
_UNSAFE = (
    "Cc",  # controls, of which terminals make commands
    "Cf",  # signs that turn or hide the text around them
    "Cs",  # halves of a pair, which cannot be encoded
    "Zl",  # line ends that are none to who counts lines
    "Zp",
)
"""Categories of characters that do something instead of being seen."""


class Span(NamedTuple):
    """Text in one style: bold, dim, or a colour; empty for none."""

    text: str
    style: str = ""


Line: TypeAlias = "Sequence[Span | str]"
Cell = Span | str


def escape(text: str) -> str:
    """Make control and format characters, and line separators, visible instead of effective."""
    # Nearly every text is printable, and asking that of a whole one is quick.
    if text.isprintable():
        return text
    visible = map(_visible, text)
    return "".join(visible)


def paint(line: Line, colour: bool) -> str:
    """A line as it goes to the terminal."""
    if colour:
        painted = map(_painted, line)
        return "".join(painted)
    texts = map(_text, line)
    return escape("".join(texts))


def table(rows: Iterable[Sequence[Cell]]) -> list[Line]:
    """Align cells in columns, two spaces apart; the last column keeps its own width."""
    rows = list(rows)
    columns = zip(*rows, strict=True)
    # Escaped before it is measured: what is made visible is wider than what it was.
    texts_of_columns = list(map(_texts, columns))
    padded = list(map(_pad, texts_of_columns[:-1]))
    padded += texts_of_columns[-1:]
    texts_of_rows = zip(*padded, strict=True)
    lines: list[Line] = []
    for texts, row in zip(texts_of_rows, rows, strict=True):
        cells = map(_styled, texts, row)
        lines.append(list(cells))
    return lines


def head(*titles: str) -> tuple[Span, ...]:
    """The first row of a table."""
    spans: list[Span] = []
    for title in titles:
        spans.append(Span(title, "dim"))
    return tuple(spans)


def at_most(
    most: int,
    lines: Sequence[Line],
    indent: str = "",
    remark: str = "",
) -> Iterator[Line]:
    """The first of some lines, and how many more there are; ``remark`` says how to see them."""
    yield from lines[:most]
    left = len(lines) - most
    if left <= 0:
        return
    more = and_more(left)
    yield [f"{indent}{more}{remark}"]


def address_lines(addresses: Sequence[str]) -> Iterator[Line]:
    """Addresses below each other, as what was just written shows them."""
    lines: list[Line] = []
    for address in addresses:
        lines.append([f"  Address:        {address}"])
    return at_most(_ADDRESSES, lines, indent=" " * 18)


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category not in _UNSAFE:
        return character
    return character.encode("unicode_escape").decode("ascii")


def _painted(part: Span | str) -> str:
    text = escape(_text(part))
    if isinstance(part, str):
        return text
    if not part.style:
        return text
    code = _CODES[part.style]
    return f"\x1b[{code}m{text}\x1b[0m"


def _styled(text: str, cell: Cell) -> Cell:
    """A text that was aligned, in the style of its cell."""
    if isinstance(cell, str):
        return text
    return Span(text, cell.style)


def _texts(column: Iterable[Cell]) -> list[str]:
    texts = list(map(_text, column))
    together = "".join(texts)
    # One look at all: a table of 10,000 rows is printed in the time of a column.
    if together.isprintable():
        return texts
    return list(map(escape, texts))


def _pad(texts: Sequence[str]) -> list[str]:
    widest = max(map(width, texts)) + 2
    aligned: list[str] = []
    for text in texts:
        aligned.append(padded(text, widest))
    return aligned


def padded(text: str, columns: int) -> str:
    """A text with blanks behind it, so that a terminal gives it at least so many columns."""
    blanks = columns - width(text)
    return text + " " * blanks


def count(number: int, noun: str) -> str:
    """A number with its noun: ``1 address``, ``2 addresses``."""
    if number == 1:
        return f"1 {noun}"
    ending = "s"
    if noun.endswith(("s", "ch")):
        ending = "es"
    return f"{number:,} {noun}{ending}"


def left_alone(number: int) -> str:
    """How many records nobody here can read yet."""
    return f"{count(number, 'record')} of a newer version left alone"


def _text(part: Span | str) -> str:
    if isinstance(part, str):
        return part
    return part.text


def width(text: str) -> int:
    """How many columns a terminal gives to a text."""
    # Of characters these are asked one by one only where there are other than ASCII ones.
    if text.isascii():
        return len(text)
    columns = map(_columns, text)
    return sum(columns)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    # Wide and full-width characters of East Asian scripts take two.
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    return 1
