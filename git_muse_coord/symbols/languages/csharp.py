"""C#: types, members, operators, local functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.conditionals import one_arm
from git_muse_coord.symbols.languages.facts import Facts
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Place,
    by_field,
    child,
    define,
    dotted,
    function,
    imports,
    last,
)

if TYPE_CHECKING:
    from tree_sitter import Node


def _variable(node: Node, place: Place) -> Declaration | None:
    """Fields and events; a declaration inside of a method is local."""
    if place.local:
        return None
    name = place.text(node.child_by_field_name("name"))
    children = node.named_children
    kind = "field" if place.scope else "variable"
    return Declaration((name,), kind, last(node) if len(children) > 1 else None) if name else None


def _operator(node: Node, place: Place) -> tuple[str, ...]:
    sign = node.child_by_field_name("operator")
    return (f"operator {place.text(sign or node.child_by_field_name('type'))}",)


def _destructor(node: Node, place: Place) -> tuple[str, ...]:
    return (f"~{place.text(node.child_by_field_name('name'))}",)


def _property(node: Node, place: Place) -> Declaration | None:
    name = place.text(node.child_by_field_name("name"))
    body = node.child_by_field_name("accessors") or node.child_by_field_name("value")
    return Declaration((name,), "property", body, local=True) if name else None


def _indexer(node: Node, _place: Place) -> Declaration:
    return Declaration(
        ("this[]",), "property", child(node, "accessor_list", "arrow_expression_clause"), local=True
    )


FACTS = Facts(
    extensions="cs csx",
    uses="others",
    has_overloads=True,
    class_head_constructs=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_c_sharp:language",
    rules={
        "namespace_declaration": define("namespace", dotted(by_field())),
        "class_declaration": define("class"),
        "struct_declaration": define("struct"),
        "interface_declaration": define("interface"),
        "enum_declaration": define("enum"),
        "record_declaration": define("record"),
        "record_struct_declaration": define("record"),
        "delegate_declaration": define("type"),
        "method_declaration": function(kind="method"),
        "local_function_statement": function(),
        "constructor_declaration": function(kind="method"),
        "destructor_declaration": function(_destructor, kind="method"),
        "operator_declaration": function(_operator, kind="method"),
        "conversion_operator_declaration": function(_operator, kind="method"),
        "indexer_declaration": _indexer,
        "property_declaration": _property,
        "event_declaration": _property,
        "variable_declarator": _variable,
        "using_directive": imports,
    },
    verbatim=frozenset(
        {"string_literal", "verbatim_string_literal", "raw_string_literal", "character_literal"}
    ),
    wrappers=frozenset({"field_declaration", "event_field_declaration", "variable_declaration"}),
    decorations=frozenset({"attribute_list"}),
    unclosed=(b"<", b">"),
    repair=lambda data, _tree, unread: one_arm(data, unread),
    closures=frozenset({"lambda_expression", "anonymous_method_expression"}),
    texts=frozenset({"interpolation_format_clause"}),
)
