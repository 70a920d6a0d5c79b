"""Keys with values, as the grammars of JSON and of YAML have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.table import Declaration, Place, unquote

if TYPE_CHECKING:
    from tree_sitter import Node


def key_with_value(node: Node, place: Place) -> Declaration | None:
    """A key with what lies in its value; nothing for one without a name, or inside of what has none."""
    key = unquote(place.field(node, "key"))
    if not key or place.local:
        return None
    return Declaration((key,), "key", node.child_by_field_name("value"))
