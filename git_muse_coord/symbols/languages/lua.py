"""Lua: functions under the tables that hold them, values of the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.table import IMPORT, Found, Language, Place, child, function

if TYPE_CHECKING:
    from tree_sitter import Node

_STEPS = re.compile(r"[.:]")
_REQUIRE = re.compile(r"require\b")


def _name(node: Node, place: Place) -> tuple[str, ...]:
    text = place.text(node.child_by_field_name("name"))
    return tuple(step.strip() for step in _STEPS.split(text) if step.strip())


def _assignment(node: Node, place: Place) -> Found | None:
    variables, values = child(node, "variable_list"), child(node, "expression_list")
    left = variables.named_children if variables is not None else []
    right = values.named_child(0) if values is not None and values.named_child_count else None
    if not left or left[0].type not in ("identifier", "dot_index_expression"):
        return None
    names = tuple(place.text(left[0]).split("."))
    kind = right.type if right is not None else ""
    if kind == "function_definition":
        return Found(names, "function", right, local=True)
    if kind == "function_call" and _REQUIRE.match(place.text(right)):
        return None if place.local else IMPORT
    if place.local or (len(names) > 1 and kind != "table_constructor"):
        return Found(names, "") if kind == "table_constructor" else None
    return Found(names, "variable", right, also=tuple(place.text(each) for each in left[1:]))


def _field(node: Node, place: Place) -> Found | None:
    name = place.text(node.child_by_field_name("name"))
    right = node.child_by_field_name("value")
    if not name or right is None or right.type not in ("function_definition", "table_constructor"):
        return None
    return Found((name,), "function", right, local=True) if right.type == "function_definition" else Found((name,), "")


LANGUAGE = Language(
    grammar="tree_sitter_lua:language",
    rules={
        "function_declaration": function(_name),
        "assignment_statement": _assignment,
        "field": _field,
    },
    wrappers=frozenset({"variable_declaration"}),
    closures=frozenset({"function_definition"}),
    optional=frozenset({";"}),
)
