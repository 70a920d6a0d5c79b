"""JSON: the keys of objects, nested; what lies in arrays has no name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import Declaration, Language, Place, unquote

if TYPE_CHECKING:
    from tree_sitter import Node


def _pair(node: Node, place: Place) -> Declaration | None:
    key = unquote(place.field(node, "key"))
    if not key or place.local:
        return None
    return Declaration((key,), "key", node.child_by_field_name("value"))


FACTS = LanguageFacts(
    extensions="json jsonc json5 webmanifest",
    files=".babelrc",
    is_document=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_json:language",
    rules={"pair": _pair},
    # what is in an array has no name of its own
    closures=frozenset({"array"}),
)
