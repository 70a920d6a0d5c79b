"""Rust: what an ``impl`` holds is named after its type, ``Type.method``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.looseness import one_statement, only_in
from git_muse_coord.symbols.languages.rust_macros import expanded, hidden_items
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Names,
    Place,
    define,
    function,
    imports,
    value,
)

if TYPE_CHECKING:
    from tree_sitter import Node


_LEAVING = ("return_expression", "break_expression", "continue_expression")
_NO_EXPRESSION = ("_item", "_declaration", "_definition", "_statement")
_MARKS = ("label", "inner_attribute_item", "attribute_item")


def _impl(node: Node, place: Place) -> Names:
    kind = node.child_by_field_name("type")
    # impl<T> fmt::Display for &Wrapper<T> is told by the bare Wrapper
    while kind is not None:
        inner = kind.child_by_field_name("type") or kind.child_by_field_name("name")
        if inner is None or kind.type not in (
            "generic_type",
            "scoped_type_identifier",
            "reference_type",
        ):
            break
        kind = inner
    if kind is None:
        return ()
    return (place.text(kind),)


def _macro(node: Node, place: Place) -> Declaration | None:
    name = node.child_by_field_name("name")
    if name is None:
        return None
    # the grammar has no node for all the rules of a macro
    return Declaration((place.text(name),), "macro", name.end_byte)


def _needs_no_end(node: Node, _around: str, _data: bytes) -> bool:
    """Whether a statement means the same with a semicolon behind it as without."""
    first = node.child(0)
    if first is None:
        return False
    return first.type in _LEAVING or node.child_count == 1


def _needs_braces(inside: Node) -> bool:
    """Whether something is no mere expression, such as a definition, or one whose value is thrown away."""
    if inside.type == "expression_statement":
        return not _needs_no_end(inside, "", b"")
    return inside.type.endswith(_NO_EXPRESSION) or inside.type in _MARKS


FACTS = LanguageFacts(
    version=2,
    extensions="rs",
    uses="rust",
    imports_in_any_order=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_rust:language",
    unordered={
        "use_list": frozenset(
            {
                "identifier",
                "self",
                "crate",
                "super",
                "scoped_identifier",
                "scoped_use_list",
                "use_as_clause",
                "use_wildcard",
            }
        )
    },
    # rustfmt adds and removes what follows
    trailing=frozenset({"where_clause", "match_arm"}),
    separators={";": frozenset({"macro_definition"})},
    loose={
        "block": one_statement(("match_arm", "closure_expression"), _needs_braces),
        "expression_statement": _needs_no_end,
        # the brackets around what a rule of a macro is replaced by
        "token_tree": only_in("macro_rule"),
    },
    signs=frozenset({"{", ";"}),
    rules={
        "function_item": function(),
        "function_signature_item": function(),
        "struct_item": define("struct"),
        "enum_item": define("enum"),
        "union_item": define("union"),
        "trait_item": define("trait"),
        "impl_item": define("impl", _impl),
        "mod_item": define("module"),
        "const_item": value("constant"),
        "static_item": value("variable"),
        "type_item": define("type", body="type"),
        "associated_type": define("type"),
        "macro_definition": _macro,
        "use_declaration": imports,
        "extern_crate_declaration": imports,
    },
    verbatim=frozenset({"string_literal", "raw_string_literal", "char_literal"}),
    folded=re.compile(rb"\\\r?\n\s*"),
    attached=frozenset({"attribute_item"}),
    # to the grammar what is in a macro is loose words
    opaque=frozenset({"macro_invocation"}),
    hides=re.compile(rb"\bfn\s+\w+\s*[(<]"),
    closures=frozenset({"closure_expression"}),
    repair=expanded,
    doubts=hidden_items,
)
