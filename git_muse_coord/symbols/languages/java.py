"""Java: types, methods, constructors, fields."""

from __future__ import annotations

import re

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    Language,
    define,
    function,
    imports,
    value,
)

FACTS = LanguageFacts(
    version=2,
    extensions="java",
    uses="java",
    has_overloads=True,
    imports_in_any_order=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_java:language",
    unordered={
        "modifiers": frozenset(
            {
                "public",
                "protected",
                "private",
                "abstract",
                "static",
                "final",
                "strictfp",
                "default",
                "synchronized",
                "native",
                "transient",
                "volatile",
                "sealed",
                "non-sealed",
            }
        )
    },
    rules={
        "class_declaration": define("class"),
        "interface_declaration": define("interface"),
        "enum_declaration": define("enum"),
        "record_declaration": define("record"),
        "annotation_type_declaration": define("interface"),
        "annotation_type_element_declaration": define("method"),
        "method_declaration": function(kind="method"),
        "constructor_declaration": function(kind="method"),
        "compact_constructor_declaration": function(kind="method"),
        "enum_constant": define("constant"),
        "variable_declarator": value("field"),
        "import_declaration": imports,
    },
    wrappers=frozenset({"field_declaration", "constant_declaration"}),
    decorations=frozenset({"annotation", "marker_annotation"}),
    # 20,000 of them ended the process: the grammar took gigabytes to recover
    unclosed=(b"<", b">"),
    closures=frozenset({"lambda_expression", "static_initializer", "block"}),
    # scripts with their dependencies
    heads=re.compile(
        rb"\A#!.*|\A//(?:JAVA|DEPS|SOURCES|FILES|REPOS|JAVAC_OPTIONS|RUNTIME_OPTIONS|MAIN|GAV|MODULE)\b.*"
    ),
)
