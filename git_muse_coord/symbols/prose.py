"""Sections of Markdown and reStructuredText by their headings, as definitions for ``assemble``.

Markdown headings come from the grammar, which knows fenced code; those of reStructuredText from a
small reader, because docutils reads whole documents only. Words are the tokens, so that filling a
paragraph is formatting; where code is quoted (``quoted``), the lines are.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from git_muse_coord.symbols.languages.table import clean_name
from git_muse_coord.symbols.quoted import (
    Quoted,
    code_in_markdown,
    code_in_restructured,
    quoted_lines,
)
from git_muse_coord.symbols.walked import MAX_DEPTH, Definition, Walked

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_MARKS = re.compile(r"(?<=\])\([^()\s]*\)|[*_`\[\]]+|\s*\{#[^}]*\}\Z|\s+#+\Z")
_WORD = re.compile(rb"\S+")
_LINE = re.compile(rb"[^\n]*\n|[^\n]+\Z")
_ADORNMENT = re.compile(rb"([!-/:-@\[-`{-~])\1*\s*\Z")
_MIN_ADORNMENT = 3


class Heading(NamedTuple):
    """A heading: its bytes, underline and all, its level from 1, its text."""

    start: int
    end: int
    level: int
    title: str


def read_document(data: bytes, tree: Tree | None = None) -> Walked:
    """The sections of a document: of Markdown with its tree, else of reStructuredText."""
    if tree is None:
        headings = restructured(data)
        code = code_in_restructured(data)
    else:
        headings = markdown(data, tree)
        code = code_in_markdown(tree)
    return sections(data, headings, code)


def sections(
    data: bytes,
    headings: list[Heading],
    code: list[Quoted],
) -> Walked:
    """A definition for each heading, nested by level. A title above all others is no container."""
    walked = _tokens(data, code)
    headings = [heading for heading in headings if heading.title]
    is_titled = _is_titled(headings)
    around: list[tuple[int, Definition]] = []
    for heading in headings:
        # A heading ends all sections of its level and below; nesting has a limit, as everywhere.
        while around and (around[-1][0] >= heading.level or len(around) >= MAX_DEPTH):
            _, ended = around.pop()
            _finish(ended, heading.start, walked)
        parent = around[-1][1] if around else None
        is_below_title = is_titled and len(around) == 1
        containers: tuple[str, ...] = ()
        if parent is not None and not is_below_title:
            containers = parent.names
        first = bisect_left(walked.starts, heading.start)
        definition = Definition(
            heading.start,
            heading.end,
            first,
            first,
            (*containers, heading.title),
            (),
            "heading",
        )
        definition.body_start = heading.end
        definition.parent = parent
        walked.definitions.append(definition)
        around.append((heading.level, definition))
    for _, definition in reversed(around):
        _finish(definition, len(data), walked)
    return walked


def _is_titled(headings: list[Heading]) -> bool:
    """Whether the first heading is a title: above all others, and the only one of its level."""
    if not headings:
        return False
    levels = [heading.level for heading in headings]
    top = min(levels)
    return levels[0] == top and levels.count(top) == 1


def _tokens(data: bytes, code: list[Quoted]) -> Walked:
    """Words, and whole lines of code."""
    walked = Walked()
    start = 0
    # Behind the last piece of code there are words again: an empty piece at the end brings them.
    at_end = Quoted(len(data), len(data), 0)
    for piece in [*code, at_end]:
        for word in _WORD.finditer(data, start, piece.start):
            walked.starts.append(word.start())
            walked.tokens.append(word.group())
        for position, line in quoted_lines(data, piece):
            walked.starts.append(position)
            walked.tokens.append(line)
        start = max(start, piece.end)
    return walked


def _finish(
    definition: Definition,
    end: int,
    walked: Walked,
) -> None:
    last = bisect_left(walked.starts, end)
    # A section ends where the next one begins: nothing closes it, as a brace closes a function.
    definition.end = end
    definition.body_end = end
    definition.last = last
    definition.inner_last = last


def markdown(data: bytes, tree: Tree) -> list[Heading]:
    """The headings of a document; those inside of quotations and lists are not its sections."""
    headings: list[Heading] = []
    pending = [tree.root_node]
    while pending:
        node = pending.pop()
        if node.type in ("document", "section"):
            pending += reversed(node.children)
        elif node.type in ("atx_heading", "setext_heading"):
            heading = Heading(
                node.start_byte,
                node.end_byte,
                _level(node),
                _title_of(node, data),
            )
            headings.append(heading)
    return headings


def _level(node: Node) -> int:
    """The level of a heading: its mark is a node whose type names it, as ``atx_h2_marker`` does."""
    for child in node.children:
        if child.type.startswith(("atx_h", "setex")):
            digits = "".join(filter(str.isdigit, child.type))
            return int(digits[:1] or 1)
    return 1


def _title_of(node: Node, data: bytes) -> str:
    content = node.child_by_field_name("heading_content")
    if content is None:
        return ""
    text = data[content.start_byte : content.end_byte]
    return _title(text)


def _title(text: bytes) -> str:
    """What a heading says, without emphasis, links and other marks."""
    title = _MARKS.sub("", clean_name(text))
    return title.strip()


def restructured(data: bytes) -> list[Heading]:
    """The headings of a document: a line with an underline at least as long, maybe with an overline too."""
    lines = list(_LINE.finditer(data))
    texts = [line.group().rstrip() for line in lines]
    headings: list[Heading] = []
    styles: list[tuple[bytes, bool]] = []
    for number in range(1, len(lines)):
        text = texts[number - 1]
        under = texts[number]
        mark = _adornment(text, under)
        if mark is None:
            continue
        is_over = number >= 2 and texts[number - 2] == under
        first = number - 1 - is_over
        start = lines[first].start()
        before = texts[first - 1].strip() if first else b""
        follows_heading = bool(headings) and headings[-1].end == start
        # Right behind a line of text it is no heading, but part of a paragraph or a table.
        if before and not follows_heading:
            continue
        # An indented line is quoted, unless an overline makes it a title that is centred.
        if text[:1].isspace() and not is_over:
            continue
        # No table of styles comes with a document: they are ranked as they are met.
        style = (mark, is_over)
        if style not in styles:
            styles.append(style)
        level = styles.index(style) + 1
        end = lines[number].end()
        heading = Heading(start, end, level, _title(text))
        headings.append(heading)
    return headings


def _adornment(text: bytes, under: bytes) -> bytes | None:
    """The sign of which the line below a text is made; None where it is no underline of a heading."""
    if not text or _ADORNMENT.match(text):
        return None
    written = text.decode("utf-8", "replace")
    if len(under) < min(len(written), _MIN_ADORNMENT):
        return None
    line = _ADORNMENT.match(under)
    if line is None or len(under) < len(written.strip()):
        return None
    return line[1]
