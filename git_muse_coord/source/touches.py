"""From the changes of symbols to what a side touches: the evidence from which conflicts are foreseen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from git_muse_coord.model.address import Address, Key
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.rules.evidence import Touch
from git_muse_coord.source.by_path import symbols_by_key
from git_muse_coord.symbols.change import Change, ChangeKind
from git_muse_coord.symbols.values import FileSymbols, Symbol

if TYPE_CHECKING:
    from typing import TypeGuard

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
    touched: dict[tuple[Key, str], Touch] = {}
    for change in changes:
        for address, operation in _touched(change):
            key = address.key
            # As it was at first: that is what the other side of a merge knows of it.
            symbol = old.get(key) or new.get(key)
            touch = touch_of(
                address,
                operation,
                symbol,
                neighbours.get(key),
            )
            # Of two changes of one place, as of overloads, the first counts.
            touched.setdefault((key, operation), touch)
    return list(touched.values())


def touch_of(
    address: Address,
    operation: str | None,
    symbol: Symbol | None,
    gap: Neighbours | None,
) -> Touch:
    """What an operation touches at an address, by the symbol that is or was there; None where none is known."""
    if symbol is None:
        return Touch(address, operation=operation, gap=gap)
    lines = symbol.end_line - symbol.start_line + 1
    return Touch(
        address,
        symbol.kind,
        operation,
        lines=lines,
        gap=gap,
    )


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
    address = change.address
    origin = change.from_address
    if origin is None or origin.key == address.key:
        return [(address, verb)]
    return [
        (origin, verb),
        (address, "add"),
    ]


def adjacent_names(file: FileSymbols) -> dict[Key, Neighbours]:
    """For each symbol the names of those in the lines right before and behind it; empty where there is none."""
    names: dict[Key, Neighbours] = {}
    for siblings in _siblings(file):
        before = ""
        followers = [*siblings[1:], None]
        for symbol, following in zip(siblings, followers, strict=True):
            key = symbol.key
            behind = ""
            if _is_right_behind(following, symbol):
                behind = following.key[-1]
            names[key] = (before, behind)
            before = ""
            if behind:
                before = key[-1]
    return names


def _is_right_behind(following: Symbol | None, symbol: Symbol) -> TypeGuard[Symbol]:
    """Whether a symbol begins at the latest in the line after another."""
    if following is None:
        return False
    return following.start_line <= symbol.end_line + 1


def _gaps(file: FileSymbols, old: dict[Key, Symbol]) -> Iterator[tuple[Key, Neighbours]]:
    """Each new symbol of a file, with the names of its nearest neighbours that are not new."""
    for siblings in _siblings(file):
        before = ""
        waiting: list[Key] = []
        for symbol in siblings:
            key = symbol.key
            if key not in old:
                waiting.append(key)
                continue
            name = key[-1]
            for new_key in waiting:
                yield new_key, (before, name)
            waiting = []
            before = name
        for new_key in waiting:
            yield new_key, (before, "")


def _siblings(file: FileSymbols) -> Iterable[list[Symbol]]:
    """The symbols of a file that stand in one container, in their order, for each container."""
    inside: dict[Key, list[Symbol]] = defaultdict(list)
    for symbol in file.symbols:
        if symbol.is_own or not symbol.names:
            continue
        container = symbol.key[:-1]
        inside[container].append(symbol)
    return inside.values()
