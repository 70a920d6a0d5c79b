"""Julia: modules, types with their fields, functions in both of their forms, macros, tests, values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Names,
    Place,
    child,
    define,
    first_named,
    imports,
    last,
    several,
    unquote,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_AROUND_NAMES = frozenset(
    {
        "binary_expression",
        "call_expression",
        "parametrized_type_expression",
        "signature",
        "type_head",
        "typed_expression",
        "where_expression",
    }
)
"""What stands around the name in a head: ``f`` of ``f(x::T)::R where {T}``, ``P`` of ``P{T} <: Q``."""
_FUNCTIONS = frozenset({"arrow_function_expression", "function_definition"})


def _head(node: Node) -> tuple[Node | None, bool]:
    """The node of the name that a head begins with, and whether it is the name of what is called."""
    is_called = False
    inner: Node | None = node
    while inner is not None and inner.type in _AROUND_NAMES:
        is_called |= inner.type == "call_expression"
        inner = first_named(inner)
    return inner, is_called


def _called_names(name: Node | None, place: Place) -> Names:
    """``f``, ``Base.show``, ``+``, and ``(::P)`` for what makes values of P callable."""
    if name is None:
        return ()
    if name.type in ("identifier", "operator"):
        return (place.text(name),)
    if name.type == "field_expression":
        steps = place.text(name).split(".", 1)
        # an operator stands in signs: Base.:(==), Base.:+
        return tuple(step.lstrip(":").strip("()") for step in steps)
    receiver = first_named(name) if name.type == "parenthesized_expression" else None
    if receiver is None or receiver.type != "typed_expression":
        return ()
    callable_type, _ = _head(last(receiver))
    return (f"(::{place.text(callable_type)})",)


def _function(node: Node, place: Place) -> Declaration | None:
    head = first_named(node)
    if head is None or head.type != "signature":
        return None
    # a nameless function has nothing but its arguments there
    name, _ = _head(head)
    names = _called_names(name, place)
    return Declaration(names, "function", head.end_byte, local=True) if names else None


def _macro(node: Node, place: Place) -> Declaration | None:
    head = first_named(node)
    name, _ = _head(node if head is None else head)
    if head is None or name is None or name.type != "identifier":
        return None
    # as it is called
    return Declaration((f"@{place.text(name)}",), "macro", head.end_byte, local=True)


def _assignment(node: Node, place: Place) -> Declaration | None:
    left = first_named(node)
    if left is None:
        return None
    value = last(node)
    name, is_called = _head(left)
    if is_called:
        names = _called_names(name, place)
        return Declaration(names, "function", value, local=True) if names else None
    if place.local:
        return None
    if left.type in ("open_tuple", "tuple_expression"):
        parts = [place.text(part) for part in left.named_children if part.type == "identifier"]
        return several(parts, _kind_of_value(node, place), value)
    if name is None or name.type != "identifier":
        return None
    if value.type in _FUNCTIONS:
        return Declaration((place.text(name),), "function", value, local=True)
    return Declaration((place.text(name),), _kind_of_value(node, place), value)


def _kind_of_value(node: Node, place: Place) -> str:
    if place.scope == "struct":
        return "field"
    return "constant" if place.before(node).endswith(b"const") else "variable"


def _field(node: Node, place: Place) -> Declaration | None:
    """A field without a default; ``x::T`` and ``x`` mean one only directly in a type."""
    if place.local or place.scope != "struct":
        return None
    name, _ = _head(node)
    if name is None or name.type != "identifier":
        return None
    return Declaration((place.text(name),), "field")


def _type_names(node: Node, place: Place) -> Names:
    head = first_named(node)
    name = None if head is None else _head(head)[0]
    return (place.text(name),) if name is not None and name.type == "identifier" else ()


def _macro_call(node: Node, place: Place) -> Declaration | None:
    """``@enum`` makes a type, ``@testset "name"`` is a test; most others stand before what they change."""
    word = place.text(child(node, "macro_identifier")).lstrip("@ ")
    first = first_named(child(node, "macro_argument_list"))
    if place.local or first is None:
        return None
    if word == "enum":
        name, _ = _head(first)
        return Declaration((place.text(name),), "enum", first.end_byte)
    if word == "testset" and first.type == "string_literal":
        return Declaration((unquote(place.text(first)),), "test", first.end_byte, local=True)
    return None


FACTS = LanguageFacts(
    extensions="jl",
    package="tree_sitter_julia",
    has_overloads=True,
    last_definition_counts=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_julia:language",
    rules={
        "module_definition": define("module", body=""),
        "struct_definition": define("struct", _type_names, ""),
        "abstract_definition": define("type", _type_names, ""),
        "primitive_definition": define("type", _type_names, ""),
        "function_definition": _function,
        "macro_definition": _macro,
        "assignment": _assignment,
        "typed_expression": _field,
        "identifier": _field,
        "macrocall_expression": _macro_call,
        "using_statement": imports,
        "import_statement": imports,
    },
    verbatim=frozenset(
        {
            "string_literal",
            "prefixed_string_literal",
            "command_literal",
            "prefixed_command_literal",
            "character_literal",
        }
    ),
    wrappers=frozenset(
        {"const_statement", "global_statement", "macrocall_expression", "macro_argument_list"}
    ),
    attached=frozenset({"string_literal"}),
    documented=frozenset({"source_file", "module_definition", "struct_definition"}),
    closures=frozenset(
        {
            "arrow_function_expression",
            "compound_statement",
            "do_clause",
            "for_statement",
            "let_statement",
            "quote_statement",
            "type_head",
            "while_statement",
        }
    ),
    # a tuple of one element is no element in brackets
    commas=frozenset({"tuple_expression"}),
)
