"""Bicep: what a template declares, and the properties of its resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Place,
    Rule,
    by_kind,
    child,
    define,
    last,
    unquote,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_NAMED = by_kind("identifier")


def _property(node: Node, place: Place) -> Declaration | None:
    name = unquote(place.text(child(node, "identifier", "string")))
    if not name or node.named_child_count < 2:
        return None
    return Declaration((name,), "key", last(node))


def _declaration(kind: str) -> Rule:
    return define(kind, _NAMED, "object")


FACTS = LanguageFacts(
    extensions="bicep bicepparam",
    is_document=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_bicep:language",
    rules={
        "parameter_declaration": _declaration("parameter"),
        "variable_declaration": _declaration("variable"),
        "resource_declaration": _declaration("resource"),
        "module_declaration": _declaration("module"),
        "output_declaration": _declaration("output"),
        "type_declaration": _declaration("type"),
        "user_defined_function": _declaration("function"),
        "object_property": _property,
    },
    # what is in an array has no name of its own
    closures=frozenset({"array"}),
    verbatim=frozenset({"string"}),
)
