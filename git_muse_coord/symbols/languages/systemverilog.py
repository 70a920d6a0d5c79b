"""Verilog and SystemVerilog: modules, interfaces, packages and classes, and what they declare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Names,
    Place,
    Rule,
    by_field,
    by_kind,
    child,
    define,
    first_named,
    fixed,
    imports,
    value,
)

if TYPE_CHECKING:
    from tree_sitter import Node


def _headed(kind: str) -> Rule:
    """A unit whose name stands in a node of its own for the head: ``module top (...);``."""

    def rule(node: Node, place: Place) -> Declaration | None:
        head = first_named(node)
        name = "" if head is None else place.field(head, "name")
        if not name or head is None:
            return None
        return Declaration((name,), kind, head.end_byte)

    return rule


def _routine(kind: str, body: str) -> Rule:
    """A function or task, whose name stands in its body; ``A::f`` is given to a class elsewhere."""

    def rule(node: Node, place: Place) -> Declaration | None:
        inner = child(node, body)
        if inner is None:
            return None
        around = child(inner, "class_scope")
        name = place.field(inner, "name")
        if not name:
            return None
        # a routine that was declared extern in its class
        outer = place.text(around).removesuffix("::") if around is not None else ""
        names = (outer, name) if outer else (name,)
        told = "method" if outer or place.scope == "class" else kind
        named = inner.child_by_field_name("name")
        return Declaration(names, told, None if named is None else named.end_byte, local=True)

    return rule


def _type(node: Node, place: Place) -> Names:
    name = place.field(node, "type_name")
    return (name,) if name else ()


def _macro(node: Node, place: Place) -> Names:
    name = first_named(child(node, "text_macro_name"))
    return (place.text(name),) if name is not None else ()


def _block(node: Node, place: Place) -> Names:
    """``begin : name`` of what is generated."""
    name = place.field(node, "name")
    return (name,) if name else ()


FACTS = LanguageFacts(
    extensions="v vh sv svh",
    package="tree_sitter_systemverilog",
    # what is assigned at the same time may stand in any order, but several drivers are all there
    names_repeat=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_systemverilog:language",
    rules={
        "include_compiler_directive": imports,
        "package_import_declaration": imports,
        "text_macro_definition": define("macro", _macro, "macro_text"),
        "module_declaration": _headed("module"),
        "interface_declaration": _headed("interface"),
        "program_declaration": _headed("module"),
        "package_declaration": define("module", body=""),
        "class_declaration": define("class", body=""),
        "class_constructor_declaration": define("method", fixed("new"), "", local=True),
        "function_declaration": _routine("function", "function_body_declaration"),
        "task_declaration": _routine("task", "task_body_declaration"),
        "type_declaration": define("type", _type, ""),
        "param_assignment": value("constant", by_kind("simple_identifier"), ""),
        "variable_decl_assignment": value("variable", by_field(), ""),
        "net_decl_assignment": value("variable", by_kind("simple_identifier"), ""),
        "ansi_port_declaration": value("field", by_field("port_name"), ""),
        "hierarchical_instance": define("field", by_kind("name_of_instance"), ""),
        "type_assignment": value("type", by_kind("simple_identifier"), ""),
        "enum_name_declaration": value("constant", by_kind("simple_identifier"), ""),
        "modport_item": define("interface", by_kind("simple_identifier"), ""),
        "generate_block": define("block", _block, ""),
        "covergroup_declaration": define("type", body=""),
        "property_declaration": define("function", body=""),
        "sequence_declaration": define("function", body=""),
        "constraint_declaration": define("function", body=""),
    },
    comments=frozenset({"comment", "one_line_comment", "block_comment"}),
    verbatim=frozenset({"quoted_string", "string_literal", "triple_quoted_string"}),
    wrappers=frozenset(
        {
            "parameter_declaration",
            "local_parameter_declaration",
            "data_declaration",
            "net_declaration",
            "module_instantiation",
        }
    ),
    decorations=frozenset({"attribute_instance"}),
)
