"""C#: types, members, operators, local functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.conditionals import one_arm
from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Names,
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
    name = place.field(node, "name")
    if not name:
        return None
    kind = "field" if place.scope else "variable"
    # the grammar has no field for the value: it is what is behind the name
    value = last(node) if node.named_child_count > 1 else None
    return Declaration((name,), kind, value)


def _operator(node: Node, place: Place) -> Names:
    # a conversion has no sign and is known by the type that it gives
    sign = node.child_by_field_name("operator") or node.child_by_field_name("type")
    return (f"operator {place.text(sign)}",)


def _destructor(node: Node, place: Place) -> Names:
    return (f"~{place.text(node.child_by_field_name('name'))}",)


def _property(node: Node, place: Place) -> Declaration | None:
    name = place.field(node, "name")
    body = node.child_by_field_name("accessors") or node.child_by_field_name("value")
    if not name:
        return None
    return Declaration((name,), "property", body, local=True)


def _indexer(node: Node, _place: Place) -> Declaration:
    body = child(node, "accessor_list", "arrow_expression_clause")
    # an indexer has no name; this[] is how it is written
    return Declaration(("this[]",), "property", body, local=True)


FACTS = LanguageFacts(
    version=2,
    extensions="cs csx",
    uses="others",
    has_overloads=True,
    class_head_constructs=True,
    imports_in_any_order=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_c_sharp:language",
    unordered=dict.fromkeys(
        (
            "class_declaration",
            "struct_declaration",
            "interface_declaration",
            "record_declaration",
            "enum_declaration",
            "delegate_declaration",
            "method_declaration",
            "constructor_declaration",
            "operator_declaration",
            "property_declaration",
            "event_declaration",
            "field_declaration",
            "event_field_declaration",
        ),
        frozenset({"modifier"}),
    ),
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
    # 20,000 of them ended the process: the grammar took gigabytes to recover
    unclosed=(b"<", b">"),
    repair=lambda data, _tree, unread: one_arm(data, unread),
    closures=frozenset({"lambda_expression", "anonymous_method_expression"}),
    texts=frozenset({"interpolation_format_clause"}),
)
