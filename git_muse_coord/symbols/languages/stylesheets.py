"""What CSS, SCSS and Less share: rules by their selectors, at-rules by their heads, variables by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Place,
    Rule,
    child,
    clean_name,
    define,
    imports,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_VARIABLES = ("--", "$", "@")
_BLOCKS = ("block", "keyframe_block_list")


def _head(node: Node, place: Place) -> str:
    """All that stands before the block, on one line."""
    block = child(node, *_BLOCKS)
    end = node.end_byte if block is None else block.start_byte
    return clean_name(place.data[node.start_byte : end]).rstrip(" ;")


def _with_block(kind: str) -> Rule:
    def rule(node: Node, place: Place) -> Declaration | None:
        block = child(node, *_BLOCKS)
        name = _head(node, place)
        if block is None or not name:
            return None
        return Declaration((name,), kind, block)

    return rule


def _variable(node: Node, place: Place) -> Declaration | None:
    """A property that others use by its name: ``--x``, ``$x``, ``@x``; other properties are the text of their rule."""
    property_name = child(node, "property_name", "variable", "variable_name")
    name = place.text(property_name)
    if property_name is None or not name.startswith(_VARIABLES):
        return None
    # a variable of a mixin or function is a local one
    if place.local:
        return None
    return Declaration((name,), "variable", property_name.end_byte)


_RULES: dict[str, Rule] = {
    "import_statement": imports,
    "use_statement": imports,
    "forward_statement": imports,
    "charset_statement": imports,
    "rule_set": _with_block("rule"),
    "media_statement": _with_block("at-rule"),
    "supports_statement": _with_block("at-rule"),
    "scope_statement": _with_block("at-rule"),
    "keyframes_statement": _with_block("at-rule"),
    "at_rule": _with_block("at-rule"),
    "namespace_statement": imports,
    "declaration": _variable,
    "mixin_statement": define("mixin", body="block", local=True),
    "function_statement": define("function", body="block", local=True),
}


def stylesheet(grammar: str, **further_rules: Rule) -> Language:
    """The table of one of them; ``further_rules`` are for the nodes that it alone has."""
    return Language(
        grammar=grammar,
        rules={**_RULES, **further_rules},
        comments=frozenset({"comment", "js_comment", "single_line_comment"}),
        verbatim=frozenset({"string_value"}),
    )
