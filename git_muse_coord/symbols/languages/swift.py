"""Swift: types, extensions (named after their type), functions, properties."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import Facts
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Place,
    define,
    fixed,
    function,
    imports,
    part,
    unquote,
)

if TYPE_CHECKING:
    from tree_sitter import Node


def _type(node: Node, place: Place) -> Declaration | None:
    """The grammar calls classes, structs, enums, actors and extensions by one name."""
    name = place.text(node.child_by_field_name("name")).partition("<")[0]
    word = place.text(node.child_by_field_name("declaration_kind"))
    kind = word if word in ("struct", "enum", "extension") else "class"
    return (
        Declaration(tuple(name.split(".")), kind, node.child_by_field_name("body"))
        if name
        else None
    )


def _property(node: Node, place: Place) -> Declaration | None:
    if place.local:
        return None
    names: list[str] = []
    pending = node.children_by_field_name("name")[::-1]
    while pending:
        each = pending.pop()
        if each.type == "simple_identifier":
            names.append(unquote(place.text(each)))
        elif each.type == "pattern":
            pending += reversed(each.named_children)
    body = part(node, "computed_value") or part(node, "value")
    return (
        Declaration((names[0],), "property", body, local=True, also=tuple(names[1:]))
        if names
        else None
    )


def _case(node: Node, place: Place) -> Declaration | None:
    names = [place.text(each) for each in node.children_by_field_name("name")]
    return Declaration((names[0],), "constant", None, also=tuple(names[1:])) if names else None


def _operator(node: Node, place: Place) -> tuple[str, ...]:
    name = unquote(place.text(node.child_by_field_name("name")))
    if not name:
        children = node.children
        after = next((at for at, each in enumerate(children) if each.type == "func"), -1) + 1
        name = place.text(children[after]) if 0 < after < len(children) else ""
    return (name,) if name else ()


FACTS = Facts(
    extensions="swift",
    interpreters="swift",
    uses="others",
    has_overloads=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_swift:language",
    rules={
        "class_declaration": _type,
        "protocol_declaration": define("protocol"),
        "function_declaration": function(_operator),
        "protocol_function_declaration": define("method"),
        "init_declaration": function(fixed("init"), kind="method"),
        "deinit_declaration": function(fixed("deinit"), kind="method"),
        "subscript_declaration": function(
            fixed("subscript"), body="computed_property", kind="method"
        ),
        "property_declaration": _property,
        "protocol_property_declaration": _property,
        "enum_entry": _case,
        "typealias_declaration": define("type", body=""),
        "associatedtype_declaration": define("type", body=""),
        "import_declaration": imports,
    },
    comments=frozenset({"comment", "multiline_comment"}),
    verbatim=frozenset({"line_str_text", "multi_line_str_text", "raw_str_part"}),
    decorations=frozenset({"attribute"}),
    closures=frozenset({"lambda_literal"}),
    optional=frozenset({";"}),
    heads=re.compile(rb"\A#!.*|\A//\s*swift-tools-version\b.*"),
    directives=re.compile(rb"\A//+\s*sourcery:.*"),
)
