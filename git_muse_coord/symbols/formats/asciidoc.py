"""AsciiDoc: sections by their headings. What stands in a block between two lines of signs is no heading."""

from __future__ import annotations

import re

from git_muse_coord.symbols.languages.table import clean_name
from git_muse_coord.symbols.prose import Heading, sections
from git_muse_coord.symbols.quoted import Quoted
from git_muse_coord.symbols.walked import Walked

_LINE = re.compile(rb"[^\n]*\n|[^\n]+\Z")
_HEADING = re.compile(rb"(={1,6}|#{1,6})[ \t]+(\S.*)")
_FENCE = re.compile(
    rb"(-{4,}|\.{4,}|\+{4,}|/{4,}|={4,}|\*{4,}|_{4,}|--|```|[|,:!]===)[ \t]*\r?\n?\Z|(```)\w"
)
"""A line that opens or closes a block."""
_CODE = (b"-", b".", b"+", b"/", b"`")
"""The signs of blocks in which lines count as they are."""
_MARKS = re.compile(r"\A\[\[[^\]]*\]\]|[*_`#]+|\s+=+\Z")


def read_asciidoc(data: bytes) -> Walked:
    """The sections of a document."""
    headings: list[Heading] = []
    code: list[Quoted] = []
    fence = b""
    opened = 0
    for line in _LINE.finditer(data):
        text = line.group()
        mark = _FENCE.match(text)
        if fence:
            # a block ends with the very line with which it began
            if mark is not None and _signs(mark) == fence:
                if _holds_code(fence):
                    code.append(Quoted(opened, line.start(), 0))
                fence = b""
            continue
        if mark is not None:
            fence = _signs(mark)
            opened = line.end()
            continue
        # one sign more is a level deeper, in both ways of writing it
        heading = _HEADING.match(text)
        if heading is not None:
            title = _MARKS.sub("", clean_name(heading[2]))
            level = len(heading[1])
            headings.append(Heading(line.start(), line.end(), level, title.strip()))
    return sections(data, headings, code)


def _signs(mark: re.Match[bytes]) -> bytes:
    """The signs of a line that opens or closes a block, without the language that may follow them."""
    return mark[1] or mark[2]


def _holds_code(fence: bytes) -> bool:
    """Whether lines count as they are in a block; one between two dashes is an open block of anything."""
    return fence.startswith(_CODE) and fence != b"--"
