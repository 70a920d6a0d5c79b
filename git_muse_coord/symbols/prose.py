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
    from tree_sitter import Tree

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


def read_document(data: bytes, tree: Tree | None) -> Walked:
    """The sections of a document: of Markdown with its tree, else of reStructuredText."""
    if tree is None:
        return sections(data, restructured(data), code_in_restructured(data))
    return sections(data, markdown(data, tree), code_in_markdown(tree))


def sections(
    data: bytes,
    headings: list[Heading],
    code: list[Quoted],
) -> Walked:
    """A definition for each heading, nested by level. A title above all others is no container."""
    walked = _tokens(data, code)
    headings = [heading for heading in headings if heading.title]
    top = min((heading.level for heading in headings), default=0)
    titled = (
        bool(headings)
        and [heading.level for heading in headings].count(top) == 1
        and headings[0].level == top
    )
    open_: list[tuple[int, Definition]] = []
    for heading in headings:
        while open_ and (open_[-1][0] >= heading.level or len(open_) >= MAX_DEPTH):
            _finish(open_.pop()[1], heading.start, walked)
        parent = open_[-1][1] if open_ else None
        outer = () if parent is None or (titled and len(open_) == 1) else parent.names
        first = bisect_left(walked.starts, heading.start)
        definition = Definition(
            heading.start, heading.end, first, first, (*outer, heading.title), (), "heading"
        )
        definition.body_start, definition.parent = heading.end, parent
        walked.definitions.append(definition)
        open_.append((heading.level, definition))
    while open_:
        _finish(open_.pop()[1], len(data), walked)
    return walked


def _tokens(data: bytes, code: list[Quoted]) -> Walked:
    """Words, and whole lines of code."""
    walked = Walked()
    start = 0
    for piece in [*code, Quoted(len(data), len(data), 0)]:
        words = [(word.start(), word.group()) for word in _WORD.finditer(data, start, piece.start)]
        for position, token in words + quoted_lines(data, piece):
            walked.starts.append(position)
            walked.tokens.append(token)
        start = max(start, piece.end)
    return walked


def _finish(
    definition: Definition,
    end: int,
    walked: Walked,
) -> None:
    definition.end = definition.body_end = end
    definition.last = definition.inner_last = bisect_left(walked.starts, end)


def markdown(data: bytes, tree: Tree) -> list[Heading]:
    """The headings of a document; those inside of quotations and lists are not its sections."""
    found: list[Heading] = []
    pending = [tree.root_node]
    while pending:
        node = pending.pop()
        if node.type in ("document", "section"):
            pending += reversed(node.children)
        elif node.type in ("atx_heading", "setext_heading"):
            mark = next(
                (each.type for each in node.children if each.type[:5] in ("atx_h", "setex")), ""
            )
            content = node.child_by_field_name("heading_content")
            title = (
                clean_name(data[content.start_byte : content.end_byte])
                if content is not None
                else ""
            )
            level = next((int(sign) for sign in mark if sign.isdigit()), 1)
            found.append(
                Heading(node.start_byte, node.end_byte, level, _MARKS.sub("", title).strip())
            )
    return found


def restructured(data: bytes) -> list[Heading]:
    """The headings of a document: a line with an underline at least as long, maybe with an overline too."""
    lines = list(_LINE.finditer(data))
    found: list[Heading] = []
    styles: list[tuple[bytes, bool]] = []
    for at in range(1, len(lines)):
        under, text = lines[at].group().rstrip(), lines[at - 1].group().rstrip()
        if not text or len(under) < min(len(text.decode("utf-8", "replace")), _MIN_ADORNMENT):
            continue
        if not (sign := _ADORNMENT.match(under)) or _ADORNMENT.match(text):
            continue
        over = at >= 2 and lines[at - 2].group().rstrip() == under
        before = lines[at - 2 - over].group().strip() if at >= 2 + over else b""
        follows = bool(found) and found[-1].end == lines[at - 1 - over].start()
        if (
            (before and not follows)
            or (text[:1].isspace() and not over)
            or len(under) < len(text.decode("utf-8", "replace").strip())
        ):
            continue
        style = (sign[1], over)
        if style not in styles:
            styles.append(style)
        title = _MARKS.sub("", clean_name(text)).strip()
        found.append(
            Heading(lines[at - 1 - over].start(), lines[at].end(), styles.index(style) + 1, title)
        )
    return found
