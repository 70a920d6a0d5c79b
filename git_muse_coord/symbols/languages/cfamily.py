"""What C and C++ share: names hidden in declarators, tagged types, macros."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.macros import ARGUMENT
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Place,
    Rule,
    child,
    clean_name,
    imports,
    part,
    unquote,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_TAGS = {
    "struct_specifier": "struct",
    "union_specifier": "union",
    "enum_specifier": "enum",
    "class_specifier": "class",
}
_LEAVES = frozenset(
    {
        "identifier",
        "field_identifier",
        "type_identifier",
        "destructor_name",
        "operator_name",
        "operator_cast",
    }
)
_MACRO_NAME = re.compile(r"[A-Z][A-Z0-9_]*\Z")
_WORD = re.compile(r"\w+\Z")
_BODIES = ("field_declaration_list", "enumerator_list", "declaration_list")


def declared(node: Node | None, place: Place) -> tuple[str, ...]:
    """The name inside a declarator, one step for each qualification; empty when there is none."""
    names: list[str] = []
    while node is not None:
        if node.type in _LEAVES:
            text = place.text(node)
            if node.type == "operator_cast":
                text = text.partition("(")[0].strip()
            return (*names, text)
        if node.type == "qualified_identifier":
            if (outer := node.child_by_field_name("scope")) is not None:
                names.append(_plain(outer, place))
            node = node.child_by_field_name("name")
        elif node.type in (
            "template_function",
            "template_method",
            "template_type",
            "dependent_name",
        ):
            node = node.child_by_field_name("name") or node.named_child(0)
        else:
            node = node.child_by_field_name("declarator") or child(
                node, "identifier", "field_identifier", "qualified_identifier", "function_declarator",
                "pointer_declarator", "reference_declarator", "parenthesized_declarator", "destructor_name",
                "operator_name", "operator_cast", "template_function",
            )  # fmt: skip
    return ()


def _plain(node: Node, place: Place) -> str:
    """A type without its arguments."""
    return place.text(node.child_by_field_name("name") or node)


def function_definition(node: Node, place: Place) -> Declaration | None:
    """A function with a body, or what a macro makes of one: ``TEST(Suite, Name) {``."""
    body = node.child_by_field_name("body")
    declarator = node.child_by_field_name("declarator")
    names = declared(declarator, place)
    if (
        not names
        or declarator is None
        or (declarator.type in ("identifier", "field_identifier") and body is None)
    ):
        return None
    title = _title(node, declarator, names, place)
    if not title:
        return Declaration(names, "function", body, local=True)
    if place.scope in ("", "namespace"):
        return Declaration((title,), "block", body, local=True)
    return None if place.local else Declaration(names, "function", body, local=True)


def _title(node: Node, declarator: Node, names: tuple[str, ...], place: Place) -> str:
    """A macro before a body, and its arguments; empty for a function. Tags such as ``"[slow]"`` name nothing."""
    kind, parameters = (
        node.child_by_field_name("type"),
        declarator.child_by_field_name("parameters"),
    )
    if (
        declarator.type == "parenthesized_declarator"
    ):  # C takes the macro for a type, and its argument for the name
        macro, text = (
            place.text(kind),
            place.data[declarator.start_byte + 1 : declarator.end_byte - 1],
        )
        arguments = [clean_name(each.group()) for each in ARGUMENT.finditer(text)]
        if _WORD.match(names[0]):
            return ""
    elif kind is None and parameters is not None and len(names) == 1:
        macro, arguments = names[0], [place.text(each) for each in parameters.named_children]
    else:
        return ""
    if not _MACRO_NAME.match(macro):
        return ""
    return " ".join([macro, *(unquote(each) for each in arguments if not each.startswith('"['))])


def tagged(node: Node, place: Place) -> Declaration | None:
    """A struct, union, enum or class with a body."""
    body = child(node, *_BODIES)
    if body is None or ((around := node.parent) is not None and around.type == "type_definition"):
        return None
    names = declared(node.child_by_field_name("name"), place)
    return Declaration(names, _TAGS[node.type], body) if names else None


def typedef(node: Node, place: Place) -> Declaration | None:
    """``typedef``: with a body inside, the tag and the new name mean one thing."""
    names = [
        names
        for each in node.children_by_field_name("declarator")
        if (names := declared(each, place))
    ]
    if not names:
        return None
    inner = node.child_by_field_name("type")
    body = child(inner, *_BODIES) if inner is not None and inner.type in _TAGS else None
    kind = _TAGS[inner.type] if inner is not None and body is not None else "type"
    flat = [each[-1] for each in names]
    if (
        inner is not None
        and body is not None
        and (tag := declared(inner.child_by_field_name("name"), place))
    ):
        flat += [name for name in tag if name not in flat]
    return Declaration((flat[0],), kind, body, also=tuple(flat[1:]))


def macro(node: Node, place: Place) -> Declaration | None:
    """A macro with a body; a bare ``#define GUARD`` is none."""
    body = node.child_by_field_name("value")
    name = place.text(node.child_by_field_name("name"))
    return Declaration((name,), "macro", body) if body is not None and name else None


def variable(node: Node, place: Place) -> Declaration | None:
    """A variable of a file with a value; declarations without one only say that it is elsewhere."""
    if place.local or place.scope not in ("", "namespace"):
        return None
    names: list[tuple[str, ...]] = []
    body = None
    for each in node.children_by_field_name("declarator"):
        if each.type == "init_declarator" and (name := declared(each, place)):
            names.append(name)
            body = body or part(each, "value")
    if not names:
        return None
    return Declaration(names[0], "variable", body, also=tuple(name[-1] for name in names[1:]))


RULES: dict[str, Rule] = {
    "function_definition": function_definition,
    "struct_specifier": tagged,
    "union_specifier": tagged,
    "enum_specifier": tagged,
    "type_definition": typedef,
    "preproc_def": macro,
    "preproc_function_def": macro,
    "preproc_include": imports,
    "declaration": variable,
}
VERBATIM = frozenset(
    {"string_literal", "raw_string_literal", "char_literal", "system_lib_string", "preproc_arg"}
)
