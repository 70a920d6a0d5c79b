"""Entries in a JSON file of hooks that others write, too: put into its text, and cut out again to the byte.

Pure functions over text. As in hook scripts, everything that undoing needs is in the text itself:
what is put in is one piece behind what is there, and a container that was there, and empty, shows
in that nothing stands between its bracket and what we put in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from git_muse_coord.store.agents.json_places import (
    INDENT,
    JsonChild,
    JsonPlace,
    appended,
    behind_blanks,
    children_of,
    indent_of,
    is_apart,
    member_named,
    without_child,
)

_ROOT = "hooks"
_IN_GROUP = 4
"""How many containers are around a command in a group: the file, its hooks, an event, the group."""

_BLANK = " \t\r\n"

EntryTest = Callable[[Any], bool]


class NotPlain(ValueError):
    """A text that is no plain JSON object with hooks; says why, as in "it has comments"."""


class HookEntry(NamedTuple):
    """What belongs into the list of an event."""

    event: str
    value: Mapping[str, Any]


def must_be_plain(text: str) -> None:
    """Raises NotPlain where a text is not what ``with_entries`` can add to."""
    if not text.strip(_BLANK):
        raise NotPlain("it is empty")
    try:
        value = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise NotPlain("it is no plain JSON") from None
    if not isinstance(value, dict):
        raise NotPlain("it holds no JSON object")
    events = value.get(_ROOT, {})
    if not isinstance(events, dict):
        raise NotPlain(f"its {_ROOT} are no JSON object")
    for name, entries in events.items():
        if not isinstance(entries, list):
            raise NotPlain(f"its {_ROOT}.{name} is no list")


def with_entries(text: str, entries: Iterable[HookEntry]) -> str:
    """A text that ``must_be_plain`` lets pass, with entries at the end of their lists."""
    unit = indent_of(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    for entry in entries:
        text = _with_entry(text, entry, unit, newline)
    return text


def own_file(entries: Iterable[HookEntry], rest: Mapping[str, Any]) -> str:
    """A file of its own for entries, with the ``rest`` that the program asks for in it."""
    events: dict[str, list[Mapping[str, Any]]] = {}
    for entry in entries:
        events.setdefault(entry.event, []).append(entry.value)
    # Ours comes first: behind a version that was there, it would be last.
    return json.dumps({_ROOT: events, **rest}, indent=INDENT) + "\n"


def entries_in(text: str, is_ours: EntryTest) -> list[HookEntry]:
    """The entries in whose commands is something of ours."""
    value = json.loads(text)
    kept: list[HookEntry] = []
    for event, entries in value.get(_ROOT, {}).items():
        for entry in entries:
            if is_ours(entry) or any(map(is_ours, _handlers(entry))):
                kept.append(HookEntry(event, entry))
    return kept


def without_entries(
    text: str,
    is_ours: EntryTest,
    rest: Mapping[str, Any],
) -> str | None:
    """A text as it was before ``with_entries``, whatever was changed around it since; None: it was all ``own_file``."""
    while True:
        chain = _last_of_ours(text, is_ours)
        if not chain:
            return text
        place = _to_cut(chain)
        if place is None or _is_all(text, place, rest):
            return None
        text = without_child(text, place)


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not in JSON")


def _handlers(entry: Any) -> list[Any]:
    """The commands of an entry that has a list of them."""
    handlers = entry.get(_ROOT) if isinstance(entry, dict) else None
    return handlers if isinstance(handlers, list) else []


def _with_entry(
    text: str,
    entry: HookEntry,
    unit: str,
    newline: str,
) -> str:
    def piece(value: Any, depth: int) -> str:
        return json.dumps(value, indent=unit).replace("\n", newline + unit * depth)

    # From the file down to the list: where something is missing, it is made with all that is in it.
    root = behind_blanks(text, 0)
    hooks = member_named(children_of(text, root), _ROOT)
    if hooks is None:
        made = piece({entry.event: [entry.value]}, 1)
        return appended(text, root, f"{json.dumps(_ROOT)}: {made}", newline + unit)
    event = member_named(children_of(text, hooks.value_start), entry.event)
    if event is None:
        made = f"{json.dumps(entry.event)}: {piece([entry.value], 2)}"
        return appended(text, hooks.value_start, made, newline + unit * 2)
    return appended(text, event.value_start, piece(entry.value, 3), newline + unit * 3)


def _last_of_ours(text: str, is_ours: EntryTest) -> list[JsonPlace]:
    """The way from the file to the last entry of ours; empty without one.

    The last first: so each goes as it came, behind what was there before it.
    """
    opening = behind_blanks(text, 0)
    children = children_of(text, opening)
    for index, child in reversed(list(enumerate(children))):
        if child.name == _ROOT:
            inner = _way_to_ours(text, child, is_ours)
            if inner:
                return [JsonPlace(opening, children, index), *inner]
    return []


def _way_to_ours(
    text: str,
    container: JsonChild,
    is_ours: EntryTest,
) -> list[JsonPlace]:
    if not isinstance(container.value, dict | list):
        return []
    children = children_of(text, container.value_start)
    for index, child in reversed(list(enumerate(children))):
        place = JsonPlace(container.value_start, children, index)
        if is_ours(child.value):
            return [place]
        inner = _way_to_ours(text, child, is_ours)
        if inner:
            return [place, *inner]
    return []


def _to_cut(chain: list[JsonPlace]) -> JsonPlace | None:
    """What goes with an entry: the containers that were made for it. None: the file."""
    place = chain.pop()
    if len(chain) == _IN_GROUP and len(place.children) == 1:
        # A group of commands is one entry: its matcher is nothing without them.
        chain.pop()
        place = chain.pop()
    while len(place.children) == 1 and is_apart(place):
        if not chain:
            return None
        place = chain.pop()
    return place


def _is_all(
    text: str,
    place: JsonPlace,
    rest: Mapping[str, Any],
) -> bool:
    """Whether a file has nothing but what is cut, and what ``own_file`` writes behind it."""
    first, *others = place.children
    if place.opening != behind_blanks(text, 0) or place.position != 0 or not is_apart(place):
        return False
    return first.name == _ROOT and {child.name: child.value for child in others} == rest
