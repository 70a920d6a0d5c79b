"""Heredocs of Ruby: the grammar loses itself in one that stands inside of another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.table import Replacement, blank

if TYPE_CHECKING:
    from tree_sitter import Tree

_OPENING = re.compile(rb"<<([~-]?)(['\"`]?)([A-Z_][A-Za-z0-9_]*)\2")


def without_heredocs(
    data: bytes, _tree: Tree, _unread: Sequence[tuple[int, int]]
) -> Iterator[Replacement]:
    """A text in quotes for the word that opens each outermost heredoc, and nothing for its lines."""
    position = 0
    unclosed: set[bytes] = set()
    while position < len(data):
        end = _line_end(data, position)
        following = end + 1
        for opening in _OPENING.finditer(data, position, end):
            if opening.group() in unclosed:
                continue
            closing = _closing(data, following, opening)
            if closing is None:
                unclosed.add(opening.group())  # nor will a later one be
                continue
            yield Replacement(*opening.span(), b'"' + b"-" * (len(opening.group()) - 2) + b'"')
            if following < closing:
                yield blank(data, following, closing)
            following = closing + 1
        position = following


def _closing(data: bytes, start: int, opening: re.Match[bytes]) -> int | None:
    """Where the line ends that closes a heredoc; None where none does."""
    indent = rb"[ \t]*" if opening[1] else b""
    found = re.compile(rb"^%s%s\r?$" % (indent, opening[3]), re.MULTILINE).search(data, start)
    return found.end() if found else None


def _line_end(data: bytes, position: int) -> int:
    end = data.find(b"\n", position)
    return len(data) if end < 0 else end
