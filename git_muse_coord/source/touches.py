"""From the changes of symbols to what a side touches: the evidence from which conflicts are foreseen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from git_muse_coord.model.address import Address, Key
from git_muse_coord.rules.evidence import Touch
from git_muse_coord.source.by_path import symbols_by_key
from git_muse_coord.symbols.values import Change, ChangeKind, FileSymbols, Symbol

Neighbours = tuple[str, str]
"""The names before and behind a symbol; empty where there is none."""

_VERBS = {
    ChangeKind.ADDED: "add",
    ChangeKind.DELETED: "delete",
    ChangeKind.RENAMED: "rename",
    ChangeKind.MOVED: "rename",
}


def touches(
    changes: Iterable[Change],
    before: Iterable[FileSymbols],
    after: Iterable[FileSymbols],
) -> list[Touch]:
    """What the changes between two versions of some files touch; a rename touches the old place and the new one."""
    before = list(before)
    after = list(after)
    old = symbols_by_key(before)
    new = symbols_by_key(after)
    neighbours = _neighbours(before, after, old)
    seen: dict[tuple[Key, str], Touch] = {}
    for change in changes:
        for address, verb in _touched(change):
            key = address.key
            # As it was at first: that is what the other side of a merge knows of it.
            symbol = old.get(key) or new.get(key)
            kind = symbol.kind if symbol is not None else ""
            lines = _height(symbol) if symbol is not None else 0
            touch = Touch(address, kind, verb, lines, neighbours.get(key))
            seen.setdefault((key, verb), touch)
    return list(seen.values())


def _neighbours(
    before: Iterable[FileSymbols],
    after: Iterable[FileSymbols],
    old: dict[Key, Symbol],
) -> dict[Key, Neighbours]:
    neighbours: dict[Key, Neighbours] = {}
    for file in after:
        neighbours.update(_gaps(file, old))
    # What was there before keeps the neighbours that the other side of a merge sees as well.
    for file in before:
        neighbours |= adjacent_names(file)
    return neighbours


def _touched(change: Change) -> list[tuple[Address, str]]:
    """The places that a change touches, and what it does there."""
    verb = _VERBS.get(change.change, "modify")
    origin = change.from_address
    if origin is None or origin.key == change.address.key:
        return [(change.address, verb)]
    return [(origin, verb), (change.address, "add")]


def _height(symbol: Symbol) -> int:
    """The lines of a symbol."""
    return symbol.end_line - symbol.start_line + 1


def adjacent_names(file: FileSymbols) -> dict[Key, Neighbours]:
    """For each symbol the names of those in the lines right before and behind it; empty where there is none."""
    names: dict[Key, Neighbours] = {}
    for siblings in _siblings(file):
        before = ""
        for place, symbol in enumerate(siblings):
            key = symbol.address.key
            behind = ""
            if place + 1 < len(siblings):
                following = siblings[place + 1]
                if following.start_line <= symbol.end_line + 1:
                    behind = following.address.key[-1]
            names[key] = (before, behind)
            before = key[-1] if behind else ""
    return names


def _gaps(file: FileSymbols, old: dict[Key, Symbol]) -> Iterator[tuple[Key, Neighbours]]:
    """Each new symbol of a file, with the names of its nearest neighbours that are not new."""
    for siblings in _siblings(file):
        before = ""
        waiting: list[Key] = []
        for symbol in siblings:
            key = symbol.address.key
            if key not in old:
                waiting.append(key)
                continue
            for new_key in waiting:
                yield new_key, (before, key[-1])
            waiting = []
            before = key[-1]
        for new_key in waiting:
            yield new_key, (before, "")


def _siblings(file: FileSymbols) -> Iterable[list[Symbol]]:
    """The symbols of a file that stand in one container, in their order, for each container."""
    inside: dict[Key, list[Symbol]] = {}
    for symbol in file.symbols:
        if symbol.address.segments and not symbol.is_own:
            container = symbol.address.key[:-1]
            inside.setdefault(container, []).append(symbol)
    return inside.values()
