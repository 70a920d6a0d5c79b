"""Where the members of a JSON text stand, so that one can be put in and cut out again to the byte.

Pure functions over text that is known to be JSON. What is put in is one piece behind what is there;
a container that was there, and empty, shows in that nothing stands between its bracket and that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

_BLANK = " \t\r\n"
_DECODER = json.JSONDecoder()
INDENT = "  "


class JsonChild(NamedTuple):
    """A member or an element: where it stands, with its name where it has one, and where its value begins."""

    name: str | None
    start: int
    value_start: int
    end: int
    value: Any


class JsonPlace(NamedTuple):
    """One of the children of a container, of which the bracket stands at ``opening``."""

    opening: int
    children: list[JsonChild]
    position: int


def children_of(text: str, opening: int) -> list[JsonChild]:
    """What is directly in the container whose bracket stands at ``opening``."""
    # The text is known to be JSON, so there is always a next character.
    has_names = text[opening] == "{"
    children: list[JsonChild] = []
    start = behind_blanks(text, opening + 1)
    while text[start] not in "}]":
        name = None
        value_start = start
        if has_names:
            name, end = _DECODER.raw_decode(text, start)
            colon = behind_blanks(text, end)
            value_start = behind_blanks(text, colon + 1)
        value, end = _DECODER.raw_decode(text, value_start)
        child = JsonChild(
            name,
            start,
            value_start,
            end,
            value,
        )
        children.append(child)
        start = behind_blanks(text, end)
        if text[start] == ",":
            start = behind_blanks(text, start + 1)
    return children


def behind_blanks(text: str, position: int) -> int:
    """Where the blanks at a position end. Something must follow them."""
    while text[position] in _BLANK:
        position += 1
    return position


def indent_of(text: str) -> str:
    """By how much the members of the file are indented."""
    children = children_of(text, behind_blanks(text, 0))
    # An empty object shows no indent, nor does one on a single line.
    if not children:
        return INDENT
    text_before = text[: children[0].start]
    before, _, indent = text_before.rpartition("\n")
    if not before or indent.strip(_BLANK):
        return INDENT
    return indent


def member_named(children: Iterable[JsonChild], name: str) -> JsonChild | None:
    """The member of a name; of several the last, as for whoever reads JSON."""
    last = None
    for child in children:
        if child.name == name:
            last = child
    return last


def appended(
    text: str,
    opening: int,
    piece: str,
    separator: str,
) -> str:
    """A container with one more at its end; right behind its bracket where it was empty, which says that it was."""
    children = children_of(text, opening)
    if not children:
        inside = opening + 1
        return text[:inside] + piece + text[inside:]
    end = children[-1].end
    return f"{text[:end]},{separator}{piece}{text[end:]}"


def is_apart(place: JsonPlace) -> bool:
    """Whether something stands between the bracket and the first child: then the container was made with it."""
    first = place.children[0]
    return first.start > place.opening + 1


def without_child(text: str, place: JsonPlace) -> str:
    """A text without one child, and without the comma that parts it from the others."""
    child = place.children[place.position]
    if place.position > 0:
        child_before = place.children[place.position - 1]
        return text[: child_before.end] + text[child.end :]
    end = child.end
    if len(place.children) > 1:
        end = behind_blanks(text, end) + 1  # the comma goes, too
    inside = place.opening + 1
    return text[:inside] + text[end:]
