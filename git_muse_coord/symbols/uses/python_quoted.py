"""Names that Python code says in texts: what a module exports, and annotations in quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols.uses.expressions import named_children

if TYPE_CHECKING:
    from tree_sitter import Node

    from git_muse_coord.symbols.uses.draft import Draft

_EXPORTS = "__all__"
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def note_exports(node: Node, draft: Draft) -> None:
    """``__all__ = ["f"]``, and what is added to it, names ``f`` of this file."""
    if draft.field_text(node, "left") != _EXPORTS:
        return
    for item in named_children(node.child_by_field_name("right")):
        for text in _texts(item, draft):
            if text.isidentifier():
                draft.note_use(Use.NAME, (text,), item)


def quoted_type(node: Node, draft: Draft) -> None:
    """``x: "Cart | None"`` names ``Cart``."""
    for child in named_children(node):
        for text in _texts(child, draft):
            for name in _DOTTED.findall(text):
                draft.note_use(Use.NAME, tuple(name.split(".")), child)


def _texts(node: Node, draft: Draft) -> Iterator[str]:
    """What stands in a plain text; nothing for what is none, or is made of parts."""
    if node.type != "string":
        return
    parts = [child for child in named_children(node) if child.type == "string_content"]
    if len(parts) == 1:
        yield draft.text(parts[0])
