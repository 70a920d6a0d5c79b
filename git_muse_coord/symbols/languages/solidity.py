"""Solidity: contracts with their functions, state, events, errors, types."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    Language,
    by_kind,
    define,
    fixed,
    function,
    imports,
    value,
)

FACTS = LanguageFacts(
    extensions="sol",
    uses="others",
    has_overloads=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_solidity:language",
    rules={
        "import_directive": imports,
        "contract_declaration": define("class"),
        "interface_declaration": define("interface"),
        "library_declaration": define("class"),
        "struct_declaration": define("struct"),
        "struct_member": define("field", body=""),
        "enum_declaration": define("enum"),
        "event_definition": define("event", body=""),
        "error_declaration": define("error", body=""),
        "modifier_definition": function(),
        "constructor_definition": function(fixed("constructor")),
        "fallback_receive_definition": function(fixed("receive")),
        "function_definition": function(),
        "state_variable_declaration": value("field"),
        "constant_variable_declaration": value("constant"),
        "user_defined_type_definition": define("type", by_kind("identifier"), ""),
    },
    verbatim=frozenset(
        {"string", "string_literal", "hex_string_literal", "unicode_string_literal"}
    ),
)
