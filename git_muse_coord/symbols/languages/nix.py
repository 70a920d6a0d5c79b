"""Nix: the attributes of sets, nested, and the names of ``let``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Place,
    unquote,
)

if TYPE_CHECKING:
    from tree_sitter import Node


def _binding(node: Node, place: Place) -> Declaration | None:
    path = node.child_by_field_name("attrpath")
    if path is None or place.local:
        return None
    names = tuple(unquote(place.text(step)) for step in path.named_children)
    if not all(names):
        return None
    return Declaration(names, "key", node.child_by_field_name("expression"))


FACTS = LanguageFacts(
    extensions="nix",
    is_document=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_nix:language",
    rules={"binding": _binding},
    # what is in a list has no name of its own
    closures=frozenset({"list_expression"}),
    verbatim=frozenset({"string_expression", "indented_string_expression"}),
)
