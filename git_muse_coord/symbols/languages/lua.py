"""Lua: functions under the tables that hold them, values of the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    IMPORT,
    Declaration,
    Language,
    Names,
    Place,
    child,
    first_named,
    function,
    unquote,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_STEPS = re.compile(r"[.:]")
_REQUIRE = re.compile(r"require\b")


def _name(node: Node, place: Place) -> Names:
    # function M.a:b() is a field of M.a, as its members are in other languages
    steps = map(str.strip, _STEPS.split(place.field(node, "name")))
    return tuple(filter(None, steps))


def _path(node: Node | None, place: Place) -> Names:
    """``M.a["b"]`` as its names; empty for what is no plain path."""
    names: list[str] = []
    while node is not None and node.type in ("dot_index_expression", "bracket_index_expression"):
        step = node.child_by_field_name("field")
        if step is None or (node.type == "bracket_index_expression" and step.type != "string"):
            return ()
        names.append(unquote(place.text(step)))
        node = node.child_by_field_name("table")
    if node is None or node.type != "identifier":
        return ()
    names.append(place.text(node))
    return tuple(reversed(names))


def _is_require(assignment: Node | None, place: Place) -> bool:
    right = _first_value(assignment)
    if right is None or right.type != "function_call":
        return False
    return _REQUIRE.match(place.text(right)) is not None


def _first_value(assignment: Node | None) -> Node | None:
    if assignment is None:
        return None
    return first_named(child(assignment, "expression_list"))


def _local(node: Node, place: Place) -> Declaration | None:
    """``local x = require("x")`` is an import, its first word and all."""
    # the assignment inside would leave the word local to the code of the file
    if place.local or not _is_require(child(node, "assignment_statement"), place):
        return None
    return IMPORT


def _assignment(node: Node, place: Place) -> Declaration | None:
    variables = child(node, "variable_list")
    if variables is None:
        return None
    targets = variables.children_by_field_name("name")
    names = _path(targets[0], place) if targets else ()
    if not names:
        return None
    right = _first_value(node)
    if right is not None and right.type == "function_definition":
        return Declaration(names, "function", right, local=True)
    if _is_require(node, place):
        return None if place.local else IMPORT
    if right is not None and right.type == "table_constructor":
        return _table(names, targets, right, place)
    # a field of a table counts for the functions in it only
    if place.local or len(names) > 1:
        return None
    return _variable(names, targets, right, place)


def _table(
    names: Names,
    targets: list[Node],
    right: Node,
    place: Place,
) -> Declaration | None:
    # a local one is no symbol, but the functions in it are called by its name
    if place.local:
        return Declaration(names, "")
    return _variable(names, targets, right, place)


def _variable(
    names: Names,
    targets: list[Node],
    right: Node | None,
    place: Place,
) -> Declaration:
    also: list[str] = []
    for target in targets[1:]:
        if target.type == "identifier":
            also.append(place.text(target))
    return Declaration(names, "variable", right, also=tuple(also))


def _field(node: Node, place: Place) -> Declaration | None:
    key = node.child_by_field_name("name")
    right = node.child_by_field_name("value")
    if key is None or right is None:
        return None
    # [key] = value: only a text in the brackets is a name
    if key.type != "string" and node.children[0].type == "[":
        return None
    name = unquote(place.text(key))
    if not name:
        return None
    if right.type == "function_definition":
        return Declaration((name,), "function", right, local=True)
    return Declaration((name,), "") if right.type == "table_constructor" else None


FACTS = LanguageFacts(
    version=2,
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
    # between the fields of a table either sign stands; elsewhere a comma counts
    optional=frozenset({";", ","}),
    strict=frozenset(
        {
            "arguments",
            "parameters",
            "expression_list",
            "variable_list",
            "attribute_list",
            "for_numeric_clause",
        }
    ),
    quotes_alike=True,
)
