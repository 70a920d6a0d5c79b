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

_NAMED_BY_TAG = frozenset(
    {
        "head",
        "header",
        "nav",
        "main",
        "aside",
        "footer",
        "template",
        "dialog",
        "script",
        "style",
    }
)
_SHOWN = re.compile(rb"<(pre|textarea|listing|xmp)\b.*?(?:</\1\b|\Z)", re.DOTALL | re.IGNORECASE)
_TAGS = ("start_tag", "self_closing_tag")


def _element(node: Node, place: Place) -> Declaration | None:
    """An element by its id, else by its tag where that is a landmark, a script or a style."""
    tag = child(node, *_TAGS)
    if tag is None:
        return None
    name = _id(tag, place)
    if not name:
        tag_name = place.text(child(tag, "tag_name")).lower()
        if tag_name not in _NAMED_BY_TAG:
            return None
        name = f"<{tag_name}>"
    return Declaration((name,), "element", tag.end_byte)


def _id(tag: Node, place: Place) -> str:
    """The id of an element; empty where it has none."""
    for inner in tag.named_children:
        if inner.type == "attribute" and place.text(child(inner, "attribute_name")) == "id":
            return unquote(place.text(child(inner, "quoted_attribute_value", "attribute_value")))
    return ""


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
        "element": _element,
        "script_element": _element,
        "style_element": _element,
        "text": _text,
    },
    verbatim=frozenset({"raw_text", "attribute_value", "quoted_attribute_value"}),
)
