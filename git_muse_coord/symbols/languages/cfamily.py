"""What C and C++ share: names hidden in declarators, tagged types, macros."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.macros import ARGUMENT
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Names,
    Place,
    Rule,
    child,
    clean_name,
    imports,
    part,
    several,
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
_WITH_ARGUMENTS = ("template_function", "template_method", "template_type", "dependent_name")
_DECLARATORS = (
    "identifier",
    "field_identifier",
    "qualified_identifier",
    "function_declarator",
    "pointer_declarator",
    "reference_declarator",
    "parenthesized_declarator",
    "destructor_name",
    "operator_name",
    "operator_cast",
    "template_function",
)
_OPERATOR = "operator"
_MACRO_NAME = re.compile(r"[A-Z][A-Z0-9_]*\Z")
_WORD = re.compile(r"\w+\Z")
_BODIES = ("field_declaration_list", "enumerator_list", "declaration_list")


def declared(node: Node | None, place: Place) -> Names:
    """The name inside a declarator, one step for each qualification; empty when there is none."""
    names: list[str] = []
    while node is not None:
        if node.type in _LEAVES:
            return (*names, _leaf(node, place))
        if node.type == "qualified_identifier":
            outer = node.child_by_field_name("scope")
            if outer is not None:
                names.append(_plain(outer, place))
            node = node.child_by_field_name("name")
        elif node.type in _WITH_ARGUMENTS:
            node = node.child_by_field_name("name") or node.named_child(0)
        else:
            # int (*f(void))[3]: declarators lie in one another, some without a field for the inner one
            node = node.child_by_field_name("declarator") or child(node, *_DECLARATORS)
    return ()


def _leaf(node: Node, place: Place) -> str:
    text = place.text(node)
    if node.type == "operator_cast":
        # operator bool() const has its brackets in the name
        text = text.partition("(")[0].strip()
    return text


def _plain(node: Node, place: Place) -> str:
    """A type without its arguments."""
    return place.text(node.child_by_field_name("name") or node)


def function_definition(node: Node, place: Place) -> Declaration | None:
    """A function with a body, or what a macro makes of one: ``TEST(Suite, Name) {``."""
    body = node.child_by_field_name("body")
    declarator = node.child_by_field_name("declarator")
    names = declared(declarator, place)
    if not names or declarator is None:
        return None
    names = (*_converting(node.child_by_field_name("type"), place), *names)
    if names[-2:-1] == (_OPERATOR,):
        names = (*names[:-2], f"{_OPERATOR} {names[-1]}")
    # a bare name without a body is no function
    if body is None and declarator.type in ("identifier", "field_identifier"):
        return None
    title = _title(node, declarator, names, place)
    if not title:
        return Declaration(names, "function", body, local=True)
    if place.scope in ("", "namespace"):
        return Declaration((title,), "block", body, local=True)
    # in a class it is a method with a strange name, in a function a loop of a macro: FOREACH(a, b) {
    return None if place.local else Declaration(names, "function", body, local=True)


def _converting(kind: Node | None, place: Place) -> Names:
    """The steps before the type in ``Outer::operator Type()``, of which the grammar makes a type of its own."""
    if kind is None or kind.type != "qualified_identifier":
        return ()
    names = declared(kind, place)
    return names if names[-1:] == (_OPERATOR,) else ()


def _title(
    node: Node,
    declarator: Node,
    names: Names,
    place: Place,
) -> str:
    """A macro before a body, and its arguments; empty for a function."""
    macro_type = node.child_by_field_name("type")
    parameters = declarator.child_by_field_name("parameters")
    if declarator.type == "parenthesized_declarator":
        # C takes the macro for a type, and its argument for the name
        macro_name = place.text(macro_type)
        inside = place.data[declarator.start_byte + 1 : declarator.end_byte - 1]
        arguments = [clean_name(argument.group()) for argument in ARGUMENT.finditer(inside)]
        if _WORD.match(names[0]):
            return ""
    elif macro_type is None and parameters is not None and len(names) == 1:
        # C++ takes it for a constructor, which has no type
        macro_name = names[0]
        arguments = [place.text(argument) for argument in parameters.named_children]
    else:
        return ""
    if not _MACRO_NAME.match(macro_name):
        return ""
    # tags such as "[slow]" name nothing
    telling = [unquote(argument) for argument in arguments if not argument.startswith('"[')]
    return " ".join([macro_name, *telling])


def tagged(node: Node, place: Place) -> Declaration | None:
    """A struct, union, enum or class with a body."""
    body = child(node, *_BODIES)
    if body is None:
        return None
    around = node.parent
    # typedef struct {...} Name: one thing, which the typedef names
    if around is not None and around.type == "type_definition":
        return None
    names = declared(node.child_by_field_name("name"), place)
    return Declaration(names, _TAGS[node.type], body) if names else None


def typedef(node: Node, place: Place) -> Declaration | None:
    """``typedef``: with a body inside, the tag and the new name mean one thing."""
    names: list[str] = []
    for declarator in node.children_by_field_name("declarator"):
        if steps := declared(declarator, place):
            names.append(steps[-1])
    if not names:
        return None
    tag = node.child_by_field_name("type")
    body = child(tag, *_BODIES) if tag is not None and tag.type in _TAGS else None
    if tag is None or body is None:
        return several(names, "type", None)
    for name in declared(tag.child_by_field_name("name"), place):
        # typedef struct node {...} node names it twice
        if name not in names:
            names.append(name)
    return several(names, _TAGS[tag.type], body)


def macro(node: Node, place: Place) -> Declaration | None:
    """A macro with a body; a bare ``#define GUARD`` is none."""
    body = node.child_by_field_name("value")
    name = place.field(node, "name")
    if body is None or not name:
        return None
    return Declaration((name,), "macro", body)


def variable(node: Node, place: Place) -> Declaration | None:
    """A variable of a file with a value; declarations without one only say that it is elsewhere."""
    if place.local or place.scope not in ("", "namespace"):
        return None
    names: list[Names] = []
    body = None
    for declarator in node.children_by_field_name("declarator"):
        if declarator.type != "init_declarator":
            continue
        if steps := declared(declarator, place):
            names.append(steps)
            body = body or part(declarator, "value")
    if not names:
        return None
    also = tuple(steps[-1] for steps in names[1:])
    return Declaration(names[0], "variable", body, also=also)


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
VERBATIM = frozenset({"string_literal", "raw_string_literal", "char_literal", "system_lib_string"})
UNPARSED = frozenset({"preproc_arg"})
