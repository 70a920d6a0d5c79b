"""Kotlin: classes, objects, functions, properties."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.looseness import one_statement
from git_muse_coord.symbols.languages.replacements import Replacement, Stretch, blank
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Names,
    Place,
    child,
    define,
    first_named,
    fixed,
    function,
    imports,
    last,
    several,
    unquote,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node, Tree


def _text(node: Node | None, place: Place) -> str:
    """A name; backquotes only let it hold what names do not."""
    return unquote(place.text(node))


def _function(node: Node, place: Place) -> Names:
    """``crc`` of a class, and ``InputStream.crc`` of an extension at the top."""
    name = _text(node.child_by_field_name("name"), place)
    # inside of a class it belongs to that, which alone can call it
    receiver = "" if place.scope else _receiver(node, place)
    return (receiver, name) if receiver else (name,)


def _receiver(node: Node, place: Place) -> str:
    """The last step of the type before the name; empty where there is none."""
    for part in node.children:
        if part.type == "identifier":
            break
        if part.type == "nullable_type":
            part = first_named(part) or part
        if part.type == "user_type":
            steps = [step for step in part.children if step.type == "identifier"]
            return _text(steps[-1], place) if steps else ""
    return ""


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


_BEFORE_CLOSING = re.compile(rb"(?<=[^\s{;]) (?=\})")
"""The grammar cannot read ``class A { fun f() {} }`` on one line."""
_ACCESSOR_CALL = re.compile(
    rb"^[ \t]*(?:get\((?!\s*\))|set\((?!\s*\w+\s*(?::[^()]*)?,?\s*\)\s*[={]))", re.MULTILINE
)
"""A call, which behind a ``val`` is taken for the accessor of a property; of those the brackets tell."""
_SOFT_WORD = re.compile(
    rb"(?:^[ \t]*(?=(?:in|is|as)\d)|(?<![\w.])(?=[gs]et[ \t]*[-!=<>+*/.,)\]]))(\w)", re.MULTILINE
)
"""Names that the grammar takes for other words: ``in1`` at the start of a line, ``set`` where it is a variable."""
_CONTEXT = re.compile(
    rb"^[ \t]*(context\()((?:[^()]|\([^()]*\))*)\)(?=\s*(?:\w+\s+|@\w+\s+)*(?:fun|val|var|class)\b)",
    re.MULTILINE,
)
"""What Kotlin 2.2 has before a declaration; the grammar knows annotations there."""
_CONSTRUCTOR_BELOW = re.compile(
    rb"\bclass\s+\w+(?:<[^{}()]*>)?(\s*\n\s*)(?=(?:(?:@\w+|\w+)\s+){0,4}constructor\b)"
)
"""A primary constructor on a line of its own."""


def _repair(
    data: bytes,
    _tree: Tree,
    _unread: Sequence[Stretch],
) -> Iterator[Replacement]:
    for match in _BEFORE_CLOSING.finditer(data):
        yield blank(data, match.start(), match.end(), b"\n")
    for match in _ACCESSOR_CALL.finditer(data):
        # another name of the same length is a call like any other
        start = match.end() - len("get(")
        yield Replacement(start, start + 1, b"x")
    for match in _SOFT_WORD.finditer(data):
        # any other letter makes a word of it that means nothing to the grammar
        yield Replacement(match.start(1), match.start(1) + 1, b"x")
    for match in _CONTEXT.finditer(data):
        start, end = match.span(2)
        yield Replacement(match.start(1), end, b"@ontext(" + b" " * (end - start))
    for match in _CONSTRUCTOR_BELOW.finditer(data):
        start, end = match.span(1)
        yield Replacement(start, end, b" " * (end - start))


def _needs_braces(inside: Node) -> bool:
    return inside.type.endswith("_declaration") or inside.type == "label"


FACTS = LanguageFacts(
    extensions="kt kts",
    interpreters="kotlin",
    uses="others",
    has_overloads=True,
    class_head_constructs=True,
    version=4,
    imports_in_any_order=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_kotlin:language",
    unordered={
        "modifiers": frozenset(
            {
                "class_modifier",
                "function_modifier",
                "inheritance_modifier",
                "member_modifier",
                "parameter_modifier",
                "platform_modifier",
                "property_modifier",
                "visibility_modifier",
            }
        )
    },
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
    repair=_repair,
    optional=frozenset({";"}),
    loose={"block": one_statement(("if_expression", "when_entry"), _needs_braces)},
    signs=frozenset({"{"}),
    heads=re.compile(rb"\A#!.*|\A//(?:KOTLIN|DEPS|SOURCES|FILES|REPOS|RUNTIME_OPTIONS)\b.*"),
)
