"""TOML: tables and keys, nested; an element of an array of tables has the name of its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Names,
    Place,
    child,
    last,
    unquote,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_KEYS = ("bare_key", "quoted_key", "dotted_key")


def _steps(key: Node | None, place: Place) -> Names:
    """``a."b.c".d`` as its names."""
    names: list[str] = []
    pending = [key]
    while pending:
        step = pending.pop()
        if step is None:
            continue
        if step.type == "dotted_key":
            # a.b.c is a dotted key in a dotted key
            pending += reversed(_keys(step))
        elif name := unquote(place.text(step)):
            names.append(name)
    return tuple(names)


def _keys(node: Node) -> list[Node]:
    return [inner for inner in node.named_children if inner.type in _KEYS]


def _key(node: Node, place: Place) -> Declaration | None:
    names = _steps(child(node, *_KEYS), place)
    if not names or place.local:
        return None
    if node.type == "pair":
        value = last(node) if node.named_child_count > 1 else None
        return Declaration(names, "key", value)
    # of a table all behind its head is body
    closing = child(node, "]", "]]")
    return Declaration(names, "key", closing.end_byte if closing is not None else None)


FACTS = LanguageFacts(
    extensions="toml",
    is_document=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_toml:language",
    rules={"pair": _key, "table": _key, "table_array_element": _key},
    # what is in an array has no name of its own
    closures=frozenset({"array"}),
)
