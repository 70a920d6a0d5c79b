"""Swift: types, extensions (named after their type), functions, properties."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Names,
    Place,
    define,
    fixed,
    function,
    imports,
    part,
    several,
    unquote,
)

if TYPE_CHECKING:
    from tree_sitter import Node


def _type(node: Node, place: Place) -> Declaration | None:
    """The grammar calls classes, structs, enums, actors and extensions by one name."""
    # extension Array<Int> adds to Array
    name = place.field(node, "name").partition("<")[0]
    if not name:
        return None
    keyword = place.field(node, "declaration_kind")
    kind = keyword if keyword in ("struct", "enum", "extension") else "class"
    return Declaration(tuple(name.split(".")), kind, node.child_by_field_name("body"))


def _property(node: Node, place: Place) -> Declaration | None:
    names = [] if place.local else _bound(node, place)
    if not names:
        return None
    body = part(node, "computed_value") or part(node, "value")
    return Declaration(
        (names[0],),
        "property",
        body,
        local=True,
        also=tuple(names[1:]),
    )


def _bound(node: Node, place: Place) -> list[str]:
    """The names of a property; ``let (a, b) = pair`` has a pattern for them."""
    names: list[str] = []
    pending = node.children_by_field_name("name")[::-1]
    while pending:
        inner = pending.pop()
        if inner.type == "simple_identifier":
            names.append(unquote(place.text(inner)))
        elif inner.type == "pattern":
            pending += reversed(inner.named_children)
    return names


def _case(node: Node, place: Place) -> Declaration | None:
    names = [place.text(name) for name in node.children_by_field_name("name")]
    return several(names, "constant", None)


def _operator(node: Node, place: Place) -> Names:
    """The name of a function; of an operator, which has no such field, what is behind ``func``."""
    if name := unquote(place.field(node, "name")):
        return (name,)
    is_behind = False
    for inner in node.children:
        if is_behind:
            sign = place.text(inner)
            return (sign,) if sign else ()
        is_behind = inner.type == "func"
    return ()


FACTS = LanguageFacts(
    version=2,
    extensions="swift",
    interpreters="swift",
    uses="others",
    has_overloads=True,
    imports_in_any_order=True,
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
    # the package manager asks the first line for the version of its tools
    heads=re.compile(rb"\A#!.*|\A//\s*swift-tools-version\b.*"),
    # a generator of code takes its orders from comments
    directives=re.compile(rb"\A//+\s*sourcery:.*"),
)
