"""Names that Python code says in texts: what a module exports, and annotations in quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols.uses.expressions import children_in_field

if TYPE_CHECKING:
    from tree_sitter import Node

    from git_muse_coord.symbols.uses.draft import Draft

_EXPORTS = "__all__"
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def note_exports(node: Node, draft: Draft) -> None:
    """``__all__ = ["f"]``, and what is added to it, names ``f`` of this file."""
    if draft.field_text(node, "left") != _EXPORTS:
        return
    for item in children_in_field(node, "right"):
        for text in _texts(item, draft):
            if text.isidentifier():
                draft.note_use(Use.NAME, (text,), item)


def quoted_type(node: Node, draft: Draft) -> None:
    """``x: "Cart | None"`` names ``Cart``."""
    for child in node.named_children:
        for text in _texts(child, draft):
            for name in _DOTTED.findall(text):
                steps = name.split(".")
                draft.note_use(Use.NAME, tuple(steps), child)


def _texts(node: Node, draft: Draft) -> Iterator[str]:
    """What stands in a plain text; nothing for what is none, or is made of parts."""
    if node.type != "string":
        return
    parts = [child for child in node.named_children if child.type == "string_content"]
    # what stands between its quotes is one piece, unless values are put in
    if len(parts) == 1:
        yield draft.text(parts[0])
