"""Reads what a program says, where every field may be missing, of another kind, or made up by somebody hostile."""

from __future__ import annotations

from git_muse_coord.model import light_json
from git_muse_coord.model.later import json
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    Payload = Mapping[str, object]
    """A JSON object of a program."""

LARGEST_PAYLOAD = 16 * 1024 * 1024
"""Bytes; an edit of more than that is nothing that a hook can look at in its time."""

_LONGEST_NAME = 200


def parsed(payload: bytes) -> Payload | None:
    """The object that a payload is, None where it is none."""
    if len(payload) > LARGEST_PAYLOAD:
        return None
    try:
        said = _loaded(payload)
    # RecursionError: thousands of brackets, one in another.
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    return said


def _loaded(payload: bytes) -> object:
    # What begins so json.loads takes for UTF-8, too; loading json for it would take 5 ms.
    if payload[:1] == b"{" and payload[1:2] != b"\0":
        return light_json.loads(payload.decode("utf-8", "surrogatepass"))
    return json.loads(payload)


def text_of(payload: Payload, *names: str) -> str | None:
    """The first of some fields that is a text."""
    for name in names:
        text = payload.get(name)
        if isinstance(text, str):
            return text
    return None


def word_of(payload: Payload, *names: str) -> str | None:
    """The first of some fields that is a name or an id: short, printable and without blanks."""
    word = text_of(payload, *names)
    if not word or len(word) > _LONGEST_NAME:
        return None
    if not word.isprintable() or " " in word:
        return None
    return word


def table_of(payload: Payload, *names: str) -> Payload:
    """The first of some fields that is an object, or the text of one; else an empty one."""
    for name in names:
        table = payload.get(name)
        if isinstance(table, str):
            # Copilot sends the arguments of a tool as JSON inside of JSON.
            table = parsed(table.encode("utf-8", "replace"))
        if isinstance(table, dict):
            return table
    return {}
