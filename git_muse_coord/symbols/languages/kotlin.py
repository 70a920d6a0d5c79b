"""Kotlin: classes, objects, functions, properties."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import Facts
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Place,
    child,
    define,
    fixed,
    function,
    imports,
    last,
    unquote,
    without,
)

if TYPE_CHECKING:
    from tree_sitter import Node


def _text(node: Node | None, place: Place) -> str:
    """A name; backquotes only let it hold what names do not."""
    return unquote(place.text(node))


def _function(node: Node, place: Place) -> tuple[str, ...]:
    return (_text(node.child_by_field_name("name"), place),)


def _property(node: Node, place: Place) -> Declaration | None:
    if place.local:
        return None
    variable = child(node, "variable_declaration")
    many = child(node, "multi_variable_declaration")
    variables = (
        [variable] if variable is not None else many.named_children if many is not None else []
    )
    names = [
        name
        for each in variables
        if (name := _text(child(each, "identifier", "simple_identifier"), place))
    ]
    value = last(node)
    body = value if value != variable and value != many else None
    return Declaration((names[0],), "property", body, also=tuple(names[1:])) if names else None


def _class(node: Node, place: Place) -> Declaration | None:
    name = _text(node.child_by_field_name("name"), place)
    kind = "interface" if child(node, "interface") is not None else "class"
    return (
        Declaration((name,), kind, child(node, "class_body", "enum_class_body")) if name else None
    )


def _companion(node: Node, place: Place) -> tuple[str, ...]:
    return (place.text(node.child_by_field_name("name")) or "Companion",)


FACTS = Facts(
    extensions="kt kts",
    interpreters="kotlin",
    uses="others",
    has_overloads=True,
    class_head_constructs=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_kotlin:language",
    rules={
        "class_declaration": _class,
        "object_declaration": define("object", body="class_body"),
        "companion_object": define("object", _companion, body="class_body"),
        "function_declaration": function(_function, body="function_body"),
        "secondary_constructor": function(fixed("constructor"), body="block", kind="method"),
        "anonymous_initializer": function(fixed("init"), body="block", kind="method"),
        "property_declaration": _property,
        "enum_entry": define(
            "constant", lambda node, place: (place.text(child(node, "identifier")),), "class_body"
        ),
        "type_alias": define(
            "type", lambda node, place: (place.text(child(node, "identifier")),), ""
        ),
        "import": imports,
    },
    decorations=frozenset({"annotation", "file_annotation"}),
    closures=frozenset({"lambda_literal", "anonymous_function"}),
    # the grammar cannot read class A { fun f() {} } on one line
    repair=without(re.compile(rb"(?<=[^\s{;]) (?=\})"), b"\n"),
    optional=frozenset({";"}),
    heads=re.compile(rb"\A#!.*|\A//(?:KOTLIN|DEPS|SOURCES|FILES|REPOS|RUNTIME_OPTIONS)\b.*"),
)
