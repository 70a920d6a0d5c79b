"""Zig: functions, tests, what is declared by name, and the fields and functions of containers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    IMPORT,
    Declaration,
    Language,
    Place,
    by_kind,
    child,
    define,
    function,
    last,
    unquote,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_CONTAINERS = {
    "struct_declaration": "struct",
    "enum_declaration": "enum",
    "union_declaration": "union",
    "opaque_declaration": "struct",
}


def _variable(node: Node, place: Place) -> Declaration | None:
    name = place.text(child(node, "identifier"))
    if place.local or not name or node.named_child_count < 2:
        return None
    value = last(node)
    if value.type == "builtin_function" and place.text(value).startswith("@import"):
        return IMPORT
    return Declaration((name,), _CONTAINERS.get(value.type, "variable"), value)


def _test(node: Node, place: Place) -> Declaration | None:
    name = unquote(place.text(child(node, "string", "identifier")))
    return Declaration((name,), "test", child(node, "block"), local=True) if name else None


FACTS = LanguageFacts(
    extensions="zig zon",
    uses="others",
)

LANGUAGE = Language(
    grammar="tree_sitter_zig:language",
    rules={
        "variable_declaration": _variable,
        "function_declaration": function(),
        "test_declaration": _test,
        "container_field": define("field", by_kind("identifier"), ""),
    },
    verbatim=frozenset({"string", "multiline_string", "character"}),
)
