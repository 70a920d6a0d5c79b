"""Objective-C: as C, with classes, categories, protocols and their methods by selectors."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages import c
from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Names,
    Place,
    Rule,
    child,
    define,
    imports,
)

if TYPE_CHECKING:
    from tree_sitter import Node


def _type(kind: str) -> Rule:
    def rule(node: Node, place: Place) -> Declaration | None:
        name = place.text(child(node, "identifier"))
        category = place.field(node, "category")
        if not name:
            return None
        # a category adds to a class that stands elsewhere
        return Declaration((f"{name}({category})" if category else name,), kind, _end_of_head(node))

    return rule


def _end_of_head(node: Node) -> int | None:
    for inner in node.named_children:
        if inner.type.endswith(("_declaration", "_definition")):
            return inner.start_byte
    return None


def _selector(node: Node, place: Place) -> Names:
    """``foo:bar:`` of ``- (void)foo:(int)a bar:(int)b``, with the sign that makes it one of the class."""
    parts = ""
    for inner in node.named_children:
        if inner.type == "identifier":
            parts += place.text(inner)
        elif inner.type == "method_parameter":
            parts += ":"
    is_of_class = node.child_count and node.children[0].type == "+"
    return (f"+{parts}" if is_of_class else parts,) if parts else ()


FACTS = LanguageFacts(
    extensions="m mm",
    uses="others",
    names_repeat=True,
)

LANGUAGE = replace(
    c.LANGUAGE,
    grammar="tree_sitter_objc:language",
    rules={
        **c.LANGUAGE.rules,
        "preproc_import": imports,
        "module_import": imports,
        "class_interface": _type("interface"),
        "class_implementation": _type("class"),
        "protocol_declaration": _type("protocol"),
        "method_declaration": define("method", _selector, ""),
        "method_definition": define("method", _selector, "compound_statement", local=True),
    },
)
