"""Lua: functions under the tables that hold them, values of the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import Facts
from git_muse_coord.symbols.languages.table import (
    IMPORT,
    Declaration,
    Language,
    Place,
    child,
    function,
    unquote,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_STEPS = re.compile(r"[.:]")
_REQUIRE = re.compile(r"require\b")


def _name(node: Node, place: Place) -> tuple[str, ...]:
    text = place.text(node.child_by_field_name("name"))
    return tuple(step.strip() for step in _STEPS.split(text) if step.strip())


def _path(node: Node | None, place: Place) -> tuple[str, ...]:
    """``M.a["b"]`` as its names; empty for what is no plain path."""
    names: list[str] = []
    while node is not None and node.type in ("dot_index_expression", "bracket_index_expression"):
        step = node.child_by_field_name("field")
        if step is None or (node.type == "bracket_index_expression" and step.type != "string"):
            return ()
        names.append(unquote(place.text(step)))
        node = node.child_by_field_name("table")
    return (
        (place.text(node), *reversed(names))
        if node is not None and node.type == "identifier"
        else ()
    )


def _is_require(assignment: Node | None, place: Place) -> bool:
    values = child(assignment, "expression_list") if assignment is not None else None
    right = values.named_child(0) if values is not None and values.named_child_count else None
    return (
        right is not None
        and right.type == "function_call"
        and bool(_REQUIRE.match(place.text(right)))
    )


def _local(node: Node, place: Place) -> Declaration | None:
    """``local x = require("x")`` is an import, its first word and all."""
    return (
        IMPORT
        if not place.local and _is_require(child(node, "assignment_statement"), place)
        else None
    )


def _assignment(node: Node, place: Place) -> Declaration | None:
    variables, values = child(node, "variable_list"), child(node, "expression_list")
    left = variables.children_by_field_name("name") if variables is not None else []
    right = values.named_child(0) if values is not None and values.named_child_count else None
    names = _path(left[0], place) if left else ()
    if not names:
        return None
    kind = right.type if right is not None else ""
    if kind == "function_definition":
        return Declaration(names, "function", right, local=True)
    if _is_require(node, place):
        return None if place.local else IMPORT
    if place.local or (len(names) > 1 and kind != "table_constructor"):
        return Declaration(names, "") if kind == "table_constructor" else None
    also = tuple(place.text(each) for each in left[1:] if each.type == "identifier")
    return Declaration(names, "variable", right, also=also)


def _field(node: Node, place: Place) -> Declaration | None:
    key, right = node.child_by_field_name("name"), node.child_by_field_name("value")
    if key is None or right is None or (key.type != "string" and node.children[0].type == "["):
        return None
    name = unquote(place.text(key))
    if not name or right.type not in ("function_definition", "table_constructor"):
        return None
    return (
        Declaration((name,), "function", right, local=True)
        if right.type == "function_definition"
        else Declaration((name,), "")
    )


FACTS = Facts(
    extensions="lua",
    interpreters="lua luajit",
    uses="others",
    last_definition_counts=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_lua:language",
    rules={
        "function_declaration": function(_name),
        "variable_declaration": _local,
        "assignment_statement": _assignment,
        "field": _field,
    },
    wrappers=frozenset({"variable_declaration"}),
    closures=frozenset({"function_definition"}),
    optional=frozenset({";"}),
    quotes_alike=True,
)
