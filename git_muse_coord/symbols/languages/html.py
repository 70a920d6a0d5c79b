"""HTML: what has an id, and the landmarks of a page."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    PROSE,
    Declaration,
    Language,
    Place,
    child,
    unquote,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_LANDMARKS = frozenset(
    {
        "head",
        "header",
        "nav",
        "main",
        "aside",
        "footer",
        "template",
        "dialog",
    }
)
_SHOWN = re.compile(rb"<(pre|textarea|listing|xmp)\b.*?(?:</\1\b|\Z)", re.DOTALL | re.IGNORECASE)
_TAGS = ("start_tag", "self_closing_tag")


def attribute(
    tag: Node,
    place: Place,
    name: str,
) -> str:
    """The value of an attribute; empty where the tag has none of that name."""
    for inner in tag.named_children:
        if inner.type != "attribute" or place.text(child(inner, "attribute_name")) != name:
            continue
        return unquote(place.text(child(inner, "quoted_attribute_value", "attribute_value")))
    return ""


def element(node: Node, place: Place) -> Declaration | None:
    """An element by its id, else a landmark by its tag."""
    tag = child(node, *_TAGS)
    if tag is None:
        return None
    name = attribute(tag, place, "id")
    if not name:
        name = place.text(child(tag, "tag_name")).lower()
        if name not in _LANDMARKS:
            return None
        name = f"<{name}>"
    return Declaration((name,), "element", tag.end_byte)


def _embedded(node: Node, place: Place) -> Declaration | None:
    """A script or a style by its id, else by its tag."""
    tag = child(node, *_TAGS)
    if tag is None:
        return None
    name = attribute(tag, place, "id")
    return Declaration(
        (name or f"<{place.text(child(tag, 'tag_name')).lower()}>",), "element", tag.end_byte
    )


@lru_cache(maxsize=1)
def _shown(data: bytes) -> list[int]:
    """Where the stretches of a page begin and end, in turn, in which all blanks are shown."""
    bounds: list[int] = []
    for match in _SHOWN.finditer(data):
        bounds += match.span()
    return bounds


def _text(node: Node, place: Place) -> Declaration | None:
    is_shown = bisect_right(_shown(place.data), node.start_byte) % 2 == 1
    return None if is_shown else PROSE


FACTS = LanguageFacts(
    extensions="html htm xhtml",
    is_document=True,
    names_repeat=True,
    order_counts=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_html:language",
    rules={
        "element": element,
        "script_element": _embedded,
        "style_element": _embedded,
        "text": _text,
    },
    verbatim=frozenset({"raw_text", "attribute_value", "quoted_attribute_value"}),
)
