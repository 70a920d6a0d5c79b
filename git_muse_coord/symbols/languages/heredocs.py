"""Heredocs of Ruby: the grammar loses itself in one that stands inside of another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.replacements import Replacement, Stretch, blank

if TYPE_CHECKING:
    from tree_sitter import Tree

_OPENING = re.compile(rb"<<([~-]?)(['\"`]?)([A-Z_][A-Za-z0-9_]*)\2")


def without_heredocs(
    data: bytes,
    _tree: Tree,
    _unread: Sequence[Stretch],
) -> Iterator[Replacement]:
    """A text in quotes for the word that opens each outermost heredoc, and nothing for its lines."""
    position = 0
    unclosed: set[bytes] = set()
    while position < len(data):
        end = _line_end(data, position)
        # several may be opened on one line; their lines follow one after the other
        following = end + 1
        for opening in _OPENING.finditer(data, position, end):
            if opening.group() in unclosed:
                continue
            closing = _closing(data, following, opening)
            if closing is None:
                # nor will a later one be, and each would be looked for to the end of the file
                unclosed.add(opening.group())
                continue
            yield _quoted(opening)
            if following < closing:
                yield blank(data, following, closing)
            following = closing + 1
        position = following


def _quoted(opening: re.Match[bytes]) -> Replacement:
    """A text of the same length: with nothing in its place the statement would be another."""
    text = b'"' + b"-" * (len(opening.group()) - 2) + b'"'
    return Replacement(opening.start(), opening.end(), text)


def _closing(
    data: bytes,
    start: int,
    opening: re.Match[bytes],
) -> int | None:
    """Where the line ends that closes a heredoc; None where none does."""
    # only <<~ and <<- let the closing word be indented
    indent = rb"[ \t]*" if opening[1] else b""
    closing_line = re.compile(rb"^%s%s\r?$" % (indent, opening[3]), re.MULTILINE)
    match = closing_line.search(data, start)
    return match.end() if match is not None else None


def _line_end(data: bytes, position: int) -> int:
    end = data.find(b"\n", position)
    return len(data) if end < 0 else end
