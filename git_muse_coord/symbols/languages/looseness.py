"""Nodes that a formatter may put around something or leave out, and how it is seen that they say nothing.

Each question here is put to a node, the kind of the node around it and the text of the file; the
answer is whether what is in the node would mean the same without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

Looseness = Callable[["Node", str, bytes], bool]

_NAME = re.compile(rb"[\w$\x80-\xff]+")
_MAX_GROUP = 2_000
"""In longer brackets nothing is looked for, and they count."""


def brackets(
    *,
    accessed_by: Collection[str] = (),
    meaning: re.Pattern[bytes] | None = None,
) -> Looseness:
    """Round brackets that only group.

    They count directly in the kinds of ``accessed_by``: ``(a?.b).c`` is not ``a?.b.c``. They count
    around ``meaning``, as around ``_`` in Scala, which stands for a parameter of what is in them.
    """

    def is_loose(node: Node, around: str, data: bytes) -> bool:
        if around in accessed_by:
            return False
        if meaning is None:
            return True
        start, end = node.start_byte, node.end_byte
        return end - start <= _MAX_GROUP and meaning.search(data, start, end) is None

    return is_loose


def around_a_name(node: Node, _around: str, data: bytes) -> bool:
    """Whether a node holds nothing but one name, as in ``(x) => x``."""
    inside = node.named_child(0) if node.named_child_count == 1 else None
    return (
        inside is not None and _NAME.fullmatch(data, inside.start_byte, inside.end_byte) is not None
    )


def leading(sign: str) -> Looseness:
    """A sign at the beginning that otherwise stands between two: ``| A | B`` is ``A | B`` on several lines."""

    def is_loose(node: Node, _around: str, _data: bytes) -> bool:
        first = node.child(0)
        return first is not None and first.type == sign

    return is_loose


def only_in(*kinds: str) -> Looseness:
    """What says nothing directly in some kinds of nodes."""
    return lambda _node, around, _data: around in kinds


def not_in(*kinds: str) -> Looseness:
    """What says nothing but directly in some kinds of nodes."""
    return lambda _node, around, _data: around not in kinds


def one_statement(
    kinds: Collection[str],
    needs_braces: Callable[[Node], bool],
) -> Looseness:
    """Braces around the one statement, or expression, of a node of some kinds: ``if (a) { b() }``."""

    def is_loose(node: Node, around: str, _data: bytes) -> bool:
        if around not in kinds:
            return False
        inside = [child for child in node.named_children if not _is_nothing(child)]
        return len(inside) == 1 and not needs_braces(inside[0])

    return is_loose


def _is_nothing(node: Node) -> bool:
    return "comment" in node.type or node.type == "empty_statement"
