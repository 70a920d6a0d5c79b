"""Code that a document quotes: there, unlike in prose, the indentation of a line counts.

It is taken against the margin of the whole piece, so that moving a list item with its code is
formatting.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Tree

_CONTAINERS = frozenset({"document", "section", "list", "list_item", "block_quote"})
_CODE = frozenset({"fenced_code_block", "indented_code_block"})
_MARGIN = b" \t>"
"""What may stand before the code of a line: blanks, and the marks of quotations."""
_LINE = re.compile(rb"[^\n]*\n|[^\n]+\Z")
_CODE_FOLLOWS = re.compile(
    rb"\.\.[ ](?:code|code-block|sourcecode|parsed-literal|raw|math|doctest|testcode)::"
)
_DIRECTIVE = re.compile(rb"\.\.[ ]\S+::")
_EXAMPLE = (b">>> ", b"... ")
"""How lines of an interactive session begin."""


class Quoted(NamedTuple):
    """A piece of code, in bytes from the start of a line on, and how many bytes wide its margin is."""

    start: int
    end: int
    margin: int


def quoted_lines(data: bytes, piece: Quoted) -> list[tuple[int, bytes]]:
    """Where each line of a piece begins, and its text without the margin; blank lines count between others."""
    found: list[tuple[int, bytes]] = []
    blank: list[tuple[int, bytes]] = []
    for line in _LINE.finditer(data, piece.start, piece.end):
        text = line.group()[: piece.margin].lstrip(_MARGIN) + line.group()[piece.margin :].rstrip()
        if text.strip():
            found += [*blank, (line.start(), text)]
            blank = []
        elif found:
            blank.append((line.start(), b"\n"))
    return found


def code_in_markdown(tree: Tree) -> list[Quoted]:
    """The fenced and the indented code of a document, in its order."""
    found: list[Quoted] = []
    pending = [tree.root_node]
    while pending:
        node = pending.pop()
        if node.type in _CONTAINERS:
            pending += reversed(node.children)
        elif node.type in _CODE:
            column = node.start_point.column
            found.append(Quoted(node.start_byte - column, node.end_byte, column))
    return found


def code_in_restructured(data: bytes) -> list[Quoted]:
    """The literal blocks, the directives that hold code and the interactive examples of a document, in its order."""
    found: list[Quoted] = []
    block: list[re.Match[bytes]] = []
    margin = -1
    """How far the line is indented that opened the block; negative where none is open."""
    for line in _LINE.finditer(data):
        text = line.group().strip()
        if not text:
            continue
        indentation = _indentation(line)
        if 0 <= margin < indentation:
            block.append(line)
            continue
        found += _block(block)
        block = []
        margin = indentation if _opens_block(text) else -1
        if text.startswith(_EXAMPLE):
            found.append(Quoted(line.start(), line.end(), indentation))
    return found + _block(block)


def _opens_block(text: bytes) -> bool:
    """Whether what is indented below a line is code."""
    if _DIRECTIVE.match(text):
        return _CODE_FOLLOWS.match(text) is not None
    return text.endswith(b"::")


def _block(block: list[re.Match[bytes]]) -> list[Quoted]:
    """Lines of code as one piece, if there are any."""
    return (
        [Quoted(block[0].start(), block[-1].end(), min(map(_indentation, block)))] if block else []
    )


def _indentation(line: re.Match[bytes]) -> int:
    return len(line.group()) - len(line.group().lstrip())
