"""Markdown: sections by their headings, nested; the one title of a document is no container."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.table import PROSE, Found, Language, Place, child

if TYPE_CHECKING:
    from tree_sitter import Node

_MARKS = re.compile(r"[*_`\[\]]+|\s*\{#[^}]*\}\Z|\s+#+\Z")


def _section(node: Node, place: Place) -> Found | None:
    heading = node.named_child(0) if node.named_child_count else None
    if heading is None or heading.type not in ("atx_heading", "setext_heading"):
        return None
    name = _MARKS.sub("", place.text(heading.child_by_field_name("heading_content"))).strip()
    return Found((name,), "heading") if name else None


def _text(_node: Node, _place: Place) -> Found:
    return PROSE


LANGUAGE = Language(
    grammar="tree_sitter_markdown:language",
    rules={"section": _section, "inline": _text},
    comments=frozenset(),
    verbatim=frozenset({"code_fence_content", "html_block", "indented_code_block", "pipe_table"}),
)
