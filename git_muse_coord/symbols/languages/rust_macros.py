"""Items among the words of macros of Rust, as in ``cfg_if!``: to the grammar they are loose tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.replacements import Replacement, Stretch, blank
from git_muse_coord.symbols.languages.table import child

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

    from git_muse_coord.symbols.walked import Walked

_HIDDEN = re.compile(rb"\b(?:fn|struct|enum|trait|impl|mod|const|static|type|union)\s+\w")
_BODIED = frozenset({b"fn", b"struct", b"enum", b"trait", b"impl", b"mod", b"union"})
"""Items that end with their block, or without one at a semicolon."""
_PLAIN = frozenset({b"const", b"static", b"type", b"use"})
"""Items that end at a semicolon, whatever blocks are before it."""
_BEFORE = frozenset({b"pub", b"async", b"unsafe", b"extern", b"default", b"const", b"#", b'"C"'})
_AROUND = frozenset(
    {
        "source_file",
        "mod_item",
        "impl_item",
        "trait_item",
        "declaration_list",
        "expression_statement",
    }
)
_DEEPEST = 20
"""Blocks in more blocks than these are not looked into."""
_LONGEST = 200
"""Bytes of a word whose text is kept."""


def hidden_items(data: bytes, walked: Walked) -> int:
    """How many macros outside of functions seem to hold items."""
    number = 0
    for start, end in walked.unread:
        if _HIDDEN.search(data, start, end) is not None:
            number += 1
    return number


def expanded(
    data: bytes,
    tree: Tree,
    _unread: Sequence[Stretch],
) -> Iterator[Replacement]:
    """Leave out what stands around items in the macros that stand among items."""
    pending = [tree.root_node]
    while pending:
        node = pending.pop()
        if node.type == "macro_invocation":
            yield from _without_frame(data, node)
        elif node.type in _AROUND:
            pending += node.named_children


def _without_frame(data: bytes, macro: Node) -> Iterator[Replacement]:
    words = child(macro, "token_tree")
    items = list(_items(data, words, 0)) if words is not None else []
    # a macro without items stays as it is: its call is code
    if not items:
        return
    position = macro.start_byte
    for start, end in items:
        yield blank(data, position, start)
        position = end
    yield blank(data, position, macro.end_byte)


def _items(
    data: bytes,
    words: Node,
    depth: int,
) -> Iterator[Stretch]:
    """Where the items among some words are, in bytes."""
    # the first and the last are the brackets
    inside = [_Word(data, node) for node in words.children[1:-1]]
    at = 0
    while at < len(inside):
        keyword = _keyword(inside, at)
        end = _item_end(inside, keyword) if keyword is not None else None
        if keyword is not None and end is not None:
            start = inside[at].start
            if inside[keyword + 1].text == b"ref":
                # lazy_static! has static ref NAME, of which the grammar knows only static NAME
                yield start, inside[keyword].end
                start = inside[keyword + 2].start
            yield start, inside[end].end
            at = end
        elif inside[at].is_block and depth < _DEEPEST:
            # the arms of cfg_if! are blocks in the block of the macro
            yield from _items(data, inside[at].node, depth + 1)
        at += 1


class _Word:
    """One token of a macro, or what stands in a pair of brackets."""

    def __init__(self, data: bytes, node: Node) -> None:
        self.node = node
        self.start, self.end = node.start_byte, node.end_byte
        # keywords are short, and a block may hold the whole file
        self.text = data[self.start : self.end] if self.end - self.start < _LONGEST else b""
        self.is_comment = node.type in ("line_comment", "block_comment")
        self.is_tree = node.type == "token_tree"
        self.is_block = self.is_tree and data[self.start : self.start + 1] == b"{"


def _keyword(words: Sequence[_Word], at: int) -> int | None:
    """The word that says what item begins here, behind its attributes and modifiers."""
    for number in range(at, len(words) - 1):
        word = words[number]
        if _begins_item(word, words[number + 1]):
            return number
        # pub(crate), #[inline]
        is_argument = word.is_tree and not word.is_block and number > at
        if word.text not in _BEFORE and not word.is_comment and not is_argument:
            return None
    return None


def _begins_item(word: _Word, following: _Word) -> bool:
    if word.text not in _BODIED and word.text not in _PLAIN:
        return False
    # of an item the name follows; in a pattern or an expression these words stand alone
    if following.node.type in ("identifier", "type_identifier", "<"):
        return True
    # impl of a path, use of a group, static ref
    return word.text in (b"impl", b"use") or following.text == b"ref"


def _item_end(words: Sequence[_Word], keyword: int) -> int | None:
    """The last word of an item."""
    has_body = words[keyword].text in _BODIED
    for number in range(keyword + 1, len(words)):
        word = words[number]
        if word.text == b";" or (has_body and word.is_block):
            return number
    return None
