"""OCaml: values, types with their constructors and fields, modules, classes; and the same in interfaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Names,
    Place,
    by_kind,
    child,
    define,
    first_named,
    imports,
    several,
    value,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_PATTERNS = ("tuple_pattern", "parenthesized_pattern", "typed_pattern", "cons_pattern")


def _binding(node: Node, place: Place) -> Declaration | None:
    """``let f x = ...`` is a function, ``let a, b = ...`` has two names, ``let () = ...`` none."""
    if place.local:
        return None
    pattern = node.child_by_field_name("pattern")
    names = _bound(pattern, place)
    body = node.child_by_field_name("body")
    is_function = child(node, "parameter") is not None or _is_lambda(body)
    if is_function and names:
        return Declaration((names[0],), "function", body, local=True)
    bound = several(names, "value", body)
    # what is in a value is as local as what is in a function
    return bound._replace(local=True) if bound is not None else Declaration((), "", local=True)


def _is_lambda(body: Node | None) -> bool:
    return body is not None and body.type in ("fun_expression", "function_expression")


def _bound(pattern: Node | None, place: Place) -> list[str]:
    """The names to which a pattern gives values, from left to right."""
    names: list[str] = []
    pending = [pattern]
    while pending:
        node = pending.pop()
        if node is None:
            continue
        if node.type in ("value_name", "value_pattern"):
            names.append(place.text(node))
        elif node.type == "parenthesized_operator":
            names.append(_operator(place.text(node)))
        elif node.type in _PATTERNS:
            pending += reversed(node.named_children)
    return names


def _operator(text: str) -> str:
    return text.strip("() ")


def _specified(node: Node, place: Place) -> Names:
    """The name in ``val f : ...`` and ``external f : ...``, which may be an operator."""
    name = child(node, "value_name", "parenthesized_operator")
    return (_operator(place.text(name)),) if name is not None else ()


def _type_name(node: Node, place: Place) -> Names:
    name = node.child_by_field_name("name")
    # type M.t += ... adds to what is elsewhere
    return (place.text(name),) if name is not None and name.type == "type_constructor" else ()


def _exception(node: Node, place: Place) -> Names:
    constructor = child(node, "constructor_declaration")
    return (place.text(first_named(constructor)),) if constructor is not None else ()


def _constructor(node: Node, place: Place) -> Declaration | None:
    name = child(node, "constructor_name")
    # that of an exception has given its name to it
    if name is None or place.before(node).endswith(b"exception"):
        return None
    return Declaration((place.text(name),), "variant")


FACTS = LanguageFacts(
    extensions="ml",
    package="tree_sitter_ocaml",
    last_definition_counts=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_ocaml:language_ocaml",
    rules={
        "open_module": imports,
        "let_binding": _binding,
        "value_specification": define("function", _specified, "type"),
        "external": define("function", _specified, "type"),
        "type_binding": define("type", _type_name),
        "constructor_declaration": _constructor,
        "field_declaration": define("field", by_kind("field_name"), "type"),
        "exception_definition": define("type", _exception, ""),
        "module_binding": define("module", by_kind("module_name")),
        "module_type_definition": define("interface", by_kind("module_type_name")),
        "class_binding": define("class", by_kind("class_name")),
        "class_type_binding": define("interface", by_kind("class_type_name")),
        "method_definition": define("method", by_kind("method_name"), local=True),
        "method_specification": define("method", by_kind("method_name"), "type"),
        "instance_variable_definition": value("field", by_kind("instance_variable_name"), "body"),
    },
    verbatim=frozenset({"string", "quoted_string", "character"}),
    wrappers=frozenset(
        {
            "value_definition",
            "type_definition",
            "module_definition",
            "class_definition",
            "class_type_definition",
        }
    ),
    decorations=frozenset({"attribute", "item_attribute"}),
    closures=frozenset({"fun_expression", "function_expression", "let_expression"}),
    optional=frozenset({";;"}),
)
