"""PHP: functions, types, members, constants; routes and tests that are calls."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Place,
    child,
    define,
    function,
    imports,
    last,
    unquote,
    value,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_FUNCTIONS = frozenset(
    {"anonymous_function", "arrow_function", "anonymous_function_creation_expression"}
)
_VERBS = frozenset(["get", "post", "put", "patch", "delete", "options", "any", "match", "group"])
_BLOCKS = frozenset({"it", "test", "describe", "beforeEach", "afterEach"})


def _namespace(node: Node, place: Place) -> Declaration | None:
    """With a body it contains; without one it holds for the file and is no part of addresses."""
    body = node.child_by_field_name("body")
    # a name from the root begins with a backslash
    names = tuple(filter(None, place.field(node, "name").split("\\")))
    if body is None or not names:
        return None
    return Declaration(names, "namespace", body)


def _const(node: Node, place: Place) -> Declaration | None:
    name = child(node, "name")
    if name is None or place.local:
        return None
    return Declaration((place.text(name),), "constant", last(node))


def _property(node: Node, place: Place) -> Declaration | None:
    name = place.field(node, "name").lstrip("$")
    return (
        Declaration((name,), "field", node.child_by_field_name("default_value")) if name else None
    )


def _assignment(node: Node, place: Place) -> Declaration | None:
    """A variable counts only where it holds a function: scripts assign everywhere."""
    left = node.child_by_field_name("left")
    right = node.child_by_field_name("right")
    if left is None or left.type != "variable_name":
        return None
    if right is None or right.type not in _FUNCTIONS:
        return None
    return Declaration((place.text(left).lstrip("$"),), "function", right, local=True)


def _call(node: Node, place: Place) -> Declaration | None:
    """``define("K", 1)``, ``it("adds", ...)``, ``Route::get("/x", ...)``."""
    arguments = node.child_by_field_name("arguments")
    if arguments is None or arguments.named_child_count < 2:
        return None
    # a plain call has its name in one field, Route::get in the other
    function_name = node.child_by_field_name("function") or node.child_by_field_name("name")
    callee = place.text(function_name)
    title = unquote(place.text(arguments.named_child(0)))
    if callee == "define":
        # the namespace in the text is no part of addresses
        name = title.rpartition("\\")[2]
        return (
            Declaration((name,), "constant", last(arguments)) if title and not place.local else None
        )
    if callee in _BLOCKS and title:
        return Declaration((f"{callee} {title}",), "block", arguments, local=True)
    # a path tells a route from any other static method of the name
    is_static = node.type == "scoped_call_expression"
    if is_static and callee in _VERBS and title.startswith("/"):
        return Declaration((f"{callee} {title}",), "route", arguments, local=True)
    return None


FACTS = LanguageFacts(
    version=2,
    extensions="php phtml php5 inc",
    interpreters="php",
    uses="others",
    imports_in_any_order=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_php:language_php",
    rules={
        "namespace_definition": _namespace,
        "function_definition": function(),
        "method_declaration": function(kind="method"),
        "class_declaration": define("class"),
        "interface_declaration": define("interface"),
        "trait_declaration": define("trait"),
        "enum_declaration": define("enum"),
        "enum_case": value("constant"),
        "const_element": _const,
        "property_element": _property,
        "assignment_expression": _assignment,
        "function_call_expression": _call,
        "scoped_call_expression": _call,
        "namespace_use_declaration": imports,
    },
    verbatim=frozenset({"string", "encapsed_string", "heredoc_body", "nowdoc_body", "text"}),
    wrappers=frozenset({"const_declaration", "property_declaration", "expression_statement"}),
    decorations=frozenset({"attribute_list"}),
    closures=_FUNCTIONS,
    # annotations of libraries that read them when the program runs, and of PHPUnit
    indented=frozenset({"text"}),
    directives=re.compile(
        rb"@(?:[A-Z]\w*\\?|\\[A-Z])[\w\\]*(?:\([^)]*\))?"
        rb"|@(?:after|before|covers|dataProvider|depends|doesNotPerform|group|preserve|requires|runIn|test)\w*\b[^\n*]*"
    ),
)
