"""Scala: classes, objects, traits, enums, givens, definitions and values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.looseness import around_a_name, brackets
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Names,
    Place,
    Rule,
    by_field,
    define,
    dotted,
    function,
    imports,
    part,
    several,
    unquote,
    value,
)

if TYPE_CHECKING:
    from tree_sitter import Node


_PACKAGE = define("package", dotted(by_field()))


def _package(node: Node, place: Place) -> Declaration | None:
    """With a body it contains; without one it holds for the file."""
    body = node.child_by_field_name("body")
    if body is None:
        return None
    return _PACKAGE(node, place)


def _bare(node: Node, place: Place) -> Names:
    """A name; backquotes only let it hold what names do not."""
    return (unquote(place.field(node, "name")),)


def _given(node: Node, place: Place) -> Names:
    """A given without a name is known by its type."""
    if name := place.field(node, "name"):
        return (name,)
    given_type = place.field(node, "return_type")
    return (f"given {given_type}".strip(),)


def _values(kind: str) -> Rule:
    """``val (a, b) = ...`` is both."""

    def rule(node: Node, place: Place) -> Declaration | None:
        pattern = node.child_by_field_name("pattern")
        if place.local or pattern is None:
            return None
        return several(_bound(pattern, place), kind, part(node, "value"))

    return rule


def _bound(pattern: Node, place: Place) -> list[str]:
    """The names to which a pattern gives values."""
    names: list[str] = []
    pending = [pattern]
    while pending:
        inner = pending.pop()
        if inner.type == "identifier":
            names.append(unquote(place.text(inner)))
        elif inner.type in ("tuple_pattern", "case_class_pattern", "identifiers"):
            pending += reversed(inner.named_children)
    return names


FACTS = LanguageFacts(
    version=3,
    extensions="scala sc sbt",
    interpreters="scala",
    uses="others",
    has_overloads=True,
    class_head_constructs=True,
    imports_in_any_order=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_scala:language",
    rules={
        "package_clause": _package,
        "class_definition": define("class"),
        "object_definition": define("object"),
        "package_object": define("object"),
        "trait_definition": define("trait"),
        "enum_definition": define("enum"),
        "given_definition": define("object", _given),
        "function_definition": function(_bare),
        "function_declaration": define("function", _bare),
        "val_definition": _values("value"),
        "var_definition": _values("variable"),
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
    loose={
        "parenthesized_expression": brackets(
            accessed_by=("call_expression", "field_expression", "instance_expression"),
            meaning=re.compile(rb"(?<!\w)_(?!\w)"),
        ),
        "bindings": around_a_name,
        "binding": around_a_name,
    },
    # blanks between interpolations are text
    texts=frozenset({"interpolated_string", "interpolation"}),
    # scala-cli takes its settings from the head of a script
    heads=re.compile(rb"\A#!.*|\A//>\s*using\b.*"),
)
