"""XML: the root, what stands directly in it, and all that has a name of its own."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    MARKUP,
    Declaration,
    Language,
    Place,
    child,
    unquote,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_IDENTITIES = (
    "id",
    "name",
    "Include",
    "Update",
    "Name",
    "x:Name",
    "key",
    "xml:id",
    "android:id",
    "android:name",
)
"""Attributes by which programs find an element, the likeliest first: beans, packages of MSBuild, resources."""
_NAMING_ELEMENTS = ("artifactId", "id", "name")
"""Elements whose text names the one around them, as in the files of Maven."""
_TAGS = ("STag", "EmptyElemTag")
_ROOT = "root"
_MOST_INNER = 20
"""Elements among which a name is looked for: it stands at the beginning."""


def _element(node: Node, place: Place) -> Declaration | None:
    tag = child(node, *_TAGS)
    if tag is None:
        return None
    kind = "element" if place.scope else _ROOT
    name = _identity(tag, place) or _named_inside(node, place)
    if not name:
        # deeper down, what has no name is the text of what is around it
        if place.scope not in ("", _ROOT):
            return None
        name = place.text(child(tag, "Name"))
    return Declaration((name,), kind, tag.end_byte) if name else None


def _identity(tag: Node, place: Place) -> str:
    values: dict[str, str] = {}
    for inner in tag.named_children:
        if inner.type == "Attribute":
            name = place.text(child(inner, "Name"))
            values[name] = unquote(place.text(child(inner, "AttValue")))
    for name in _IDENTITIES:
        if values.get(name):
            return values[name]
    return ""


def _named_inside(node: Node, place: Place) -> str:
    content = child(node, "content")
    if content is None or place.scope in ("", _ROOT):
        return ""
    for inner in content.named_children[:_MOST_INNER]:
        tag = child(inner, "STag") if inner.type == "element" else None
        if tag is not None and place.text(child(tag, "Name")) in _NAMING_ELEMENTS:
            return place.text(child(inner, "content"))
    return ""


@lru_cache(maxsize=1)
def _keeps_blanks(data: bytes) -> bool:
    """Whether somewhere in a file all blanks count."""
    return b"xml:space" in data


def _text(_node: Node, place: Place) -> Declaration | None:
    # between elements blanks are layout, unless the file says otherwise
    return None if _keeps_blanks(place.data) else MARKUP


FACTS = LanguageFacts(
    extensions="xml csproj fsproj vbproj props targets vcxproj nuspec resx xaml axaml svg xsd xsl xslt plist",
    is_document=True,
    names_repeat=True,
    order_counts=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_xml:language_xml",
    rules={"element": _element, "CharData": _text},
    comments=frozenset({"Comment"}),
    verbatim=frozenset({"AttValue", "CDSect"}),
)
