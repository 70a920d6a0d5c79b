"""Python: functions, classes, assignments of modules and classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.table import (
    PROSE,
    Found,
    Language,
    Place,
    define,
    function,
    imports,
    part,
)

if TYPE_CHECKING:
    from tree_sitter import Node


def _assignment(node: Node, place: Place) -> Found | None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None:
        return None
    if right is not None and right.type == "lambda" and left.type == "identifier":
        return Found((place.text(left),), "function", right, local=True)
    if place.local:
        return None
    if left.type in ("pattern_list", "tuple_pattern"):
        names = [place.text(each) for each in left.named_children if each.type == "identifier"]
        return Found((names[0],), "variable", right, also=tuple(names[1:])) if names else None
    if left.type != "identifier":
        return None
    name = place.text(left)
    kind = "field" if place.scope == "class" else "constant" if name.isupper() else "variable"
    return Found((name,), kind, right)


def _statement(node: Node, _place: Place) -> Found | None:
    """A docstring is re-indented together with what it documents."""
    only = node.child(0) if node.child_count == 1 else None
    return PROSE if only is not None and only.type == "string" else None


def _type_alias(node: Node, place: Place) -> Found | None:
    left = node.child_by_field_name("left")
    name = place.text(left).partition("[")[0].strip()
    return Found((name,), "type", part(node, "right")) if name else None


LANGUAGE = Language(
    grammar="tree_sitter_python:language",
    rules={
        "function_definition": function(),
        "class_definition": define("class"),
        "assignment": _assignment,
        "type_alias_statement": _type_alias,
        "expression_statement": _statement,
        "import_statement": imports,
        "import_from_statement": imports,
        "future_import_statement": imports,
    },
    wrappers=frozenset({"decorated_definition", "expression_statement"}),
    decorations=frozenset({"decorator"}),
    closures=frozenset({"lambda"}),
    optional=frozenset({";"}),
)
