"""Scala: classes, objects, traits, enums, givens, definitions and values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.table import (
    Found,
    Language,
    Place,
    define,
    dotted,
    function,
    imports,
    named,
    value,
)

if TYPE_CHECKING:
    from tree_sitter import Node


def _package(node: Node, place: Place) -> Found | None:
    """With a body it contains; without one it holds for the file."""
    body = node.child_by_field_name("body")
    return define("package", dotted(named()))(node, place) if body is not None else None


LANGUAGE = Language(
    grammar="tree_sitter_scala:language",
    rules={
        "package_clause": _package,
        "class_definition": define("class"),
        "object_definition": define("object"),
        "package_object": define("object"),
        "trait_definition": define("trait"),
        "enum_definition": define("enum"),
        "given_definition": define("object"),
        "function_definition": function(),
        "function_declaration": define("function"),
        "val_definition": value("value", named("pattern")),
        "var_definition": value("variable", named("pattern")),
        "val_declaration": value("value"),
        "var_declaration": value("variable"),
        "type_definition": define("type", body="type"),
        "simple_enum_case": define("constant"),
        "full_enum_case": define("constant"),
        "import_declaration": imports,
    },
    wrappers=frozenset({"enum_case_definitions"}),
    decorations=frozenset({"annotation"}),
    closures=frozenset({"lambda_expression", "block"}),
    optional=frozenset({";"}),
)
