"""Rust: what an ``impl`` holds is named after its type, ``Type.method``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
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
    trailing=frozenset({"where_clause"}),
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
    attached=frozenset({"attribute_item"}),
    # to the grammar what is in a macro is loose words
    opaque=frozenset({"macro_invocation"}),
    hides=re.compile(rb"\bfn\s+\w+\s*[(<]"),
    closures=frozenset({"closure_expression"}),
    repair=expanded,
    doubts=hidden_items,
)
