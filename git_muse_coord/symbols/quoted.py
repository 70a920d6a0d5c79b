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
    lines: list[tuple[int, bytes]] = []
    blank: list[tuple[int, bytes]] = []
    for line in _LINE.finditer(data, piece.start, piece.end):
        margin = line.group()[: piece.margin]
        code = line.group()[piece.margin :]
        # A line may be indented less than the piece: then there is code in its margin.
        text = margin.lstrip(_MARGIN) + code.rstrip()
        if text.strip():
            lines += blank
            lines.append((line.start(), text))
            blank = []
        elif lines:
            blank.append((line.start(), b"\n"))
    return lines


def code_in_markdown(tree: Tree) -> list[Quoted]:
    """The fenced and the indented code of a document, in its order."""
    pieces: list[Quoted] = []
    pending = [tree.root_node]
    while pending:
        node = pending.pop()
        if node.type in _CONTAINERS:
            pending += reversed(node.children)
        elif node.type in _CODE:
            # From the start of the line on: what stands before it there is the margin of the piece.
            margin = node.start_point.column
            start = node.start_byte - margin
            pieces.append(Quoted(start, node.end_byte, margin))
    return pieces


def code_in_restructured(data: bytes) -> list[Quoted]:
    """The literal blocks, the directives that hold code and the interactive examples of a document, in its order."""
    pieces: list[Quoted] = []
    block: list[re.Match[bytes]] = []
    margin = -1
    """How far the line is indented that opened the block; negative where none is open."""
    for line in _LINE.finditer(data):
        text = line.group().strip()
        if not text:  # a blank line does not end a block
            continue
        indentation = _indentation(line)
        if 0 <= margin < indentation:
            block.append(line)
            continue
        pieces += _block(block)
        block = []
        margin = indentation if _opens_block(text) else -1
        if text.startswith(_EXAMPLE):
            example = Quoted(line.start(), line.end(), indentation)
            pieces.append(example)
    return pieces + _block(block)


def _opens_block(text: bytes) -> bool:
    """Whether what is indented below a line is code."""
    if _DIRECTIVE.match(text):
        return _CODE_FOLLOWS.match(text) is not None
    return text.endswith(b"::")


def _block(block: list[re.Match[bytes]]) -> list[Quoted]:
    """Lines of code as one piece, if there are any."""
    if not block:
        return []
    # What all lines have in front of them is layout of the document, not of the code.
    margin = min(map(_indentation, block))
    start = block[0].start()
    end = block[-1].end()
    return [Quoted(start, end, margin)]


def _indentation(line: re.Match[bytes]) -> int:
    text = line.group()
    return len(text) - len(text.lstrip())
