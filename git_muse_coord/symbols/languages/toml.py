"""TOML: tables and keys, nested; an element of an array of tables has the name of its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import Facts
from git_muse_coord.symbols.languages.table import Declaration, Language, Place, last, unquote

if TYPE_CHECKING:
    from tree_sitter import Node

_KEYS = ("bare_key", "quoted_key", "dotted_key")


def _steps(node: Node | None, place: Place) -> tuple[str, ...]:
    names: list[str] = []
    pending = [node]
    while pending:
        key = pending.pop()
        if key is not None and key.type == "dotted_key":
            pending += reversed([each for each in key.named_children if each.type in _KEYS])
        elif key is not None and (name := unquote(place.text(key))):
            names.append(name)
    return tuple(names)


def _key(node: Node, place: Place) -> Declaration | None:
    children = node.named_children
    key = next((each for each in children if each.type in _KEYS), None)
    names = _steps(key, place)
    if not names or place.local:
        return None
    if node.type == "pair":
        return Declaration(names, "key", last(node) if len(children) > 1 else None)
    closing = [each for each in node.children if each.type in ("]", "]]")]
    return Declaration(names, "key", closing[0].end_byte if closing else None)


FACTS = Facts(
    extensions="toml",
    is_document=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_toml:language",
    rules={"pair": _key, "table": _key, "table_array_element": _key},
    closures=frozenset({"array"}),
)
