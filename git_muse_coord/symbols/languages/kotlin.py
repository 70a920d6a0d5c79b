"""Kotlin: classes, objects, functions, properties."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.replacements import without
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Names,
    Place,
    child,
    define,
    fixed,
    function,
    imports,
    last,
    several,
    unquote,
)

if TYPE_CHECKING:
    from tree_sitter import Node


def _text(node: Node | None, place: Place) -> str:
    """A name; backquotes only let it hold what names do not."""
    return unquote(place.text(node))


def _function(node: Node, place: Place) -> Names:
    return (_text(node.child_by_field_name("name"), place),)


def _property(node: Node, place: Place) -> Declaration | None:
    if place.local:
        return None
    variables = _variables(node)
    names: list[str] = []
    for variable in variables:
        if name := _text(child(variable, "identifier", "simple_identifier"), place):
            names.append(name)
    return several(names, "property", _value(node))


def _variables(node: Node) -> list[Node]:
    """``val a`` declares one, ``val (a, b)`` several."""
    variable = child(node, "variable_declaration")
    if variable is not None:
        return [variable]
    group = child(node, "multi_variable_declaration")
    return group.named_children if group is not None else []


def _value(node: Node) -> Node | None:
    """What is behind the name; the grammar has no field for it."""
    value = last(node)
    if value.type in ("variable_declaration", "multi_variable_declaration"):
        return None
    return value


def _class(node: Node, place: Place) -> Declaration | None:
    name = _text(node.child_by_field_name("name"), place)
    if not name:
        return None
    # to the grammar an interface is a class with another keyword
    kind = "interface" if child(node, "interface") is not None else "class"
    return Declaration((name,), kind, child(node, "class_body", "enum_class_body"))


def _identifier(node: Node, place: Place) -> Names:
    return (place.text(child(node, "identifier")),)


def _companion(node: Node, place: Place) -> Names:
    return (place.field(node, "name") or "Companion",)


FACTS = LanguageFacts(
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
        "enum_entry": define("constant", _identifier, "class_body"),
        "type_alias": define("type", _identifier, ""),
        "import": imports,
    },
    decorations=frozenset({"annotation", "file_annotation"}),
    closures=frozenset({"lambda_literal", "anonymous_function"}),
    # the grammar cannot read class A { fun f() {} } on one line
    repair=without(re.compile(rb"(?<=[^\s{;]) (?=\})"), b"\n"),
    optional=frozenset({";"}),
    heads=re.compile(rb"\A#!.*|\A//(?:KOTLIN|DEPS|SOURCES|FILES|REPOS|RUNTIME_OPTIONS)\b.*"),
)
