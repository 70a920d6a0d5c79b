"""From the changes of symbols to what a side touches: the evidence from which conflicts are foreseen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from git_muse_coord.model.address import Key
from git_muse_coord.rules.evidence import Touch
from git_muse_coord.symbols.values import Change, ChangeKind, FileSymbols, Symbol

_VERBS = {
    ChangeKind.ADDED: "add",
    ChangeKind.DELETED: "delete",
    ChangeKind.RENAMED: "rename",
    ChangeKind.MOVED: "rename",
}


def touches(
    changes: Iterable[Change], before: Iterable[FileSymbols], after: Iterable[FileSymbols]
) -> list[Touch]:
    """What the changes between two versions of some files touch; a rename touches the old place and the new one."""
    before, after = list(before), list(after)
    old = {symbol.address.key: symbol for file in before for symbol in file.symbols}
    new = {symbol.address.key: symbol for file in after for symbol in file.symbols}
    gaps = dict(gap for file in after for gap in _gaps(file, old))
    gaps |= {key: around for file in before for key, around in adjacent_names(file).items()}
    found: dict[tuple[Key, str], Touch] = {}
    for change in changes:
        verb = _VERBS.get(change.change, "modify")
        places = [(change.address, verb)]
        if change.from_address is not None and change.from_address.key != change.address.key:
            places = [(change.from_address, verb), (change.address, "add")]
        for address, what in places:
            known = old.get(address.key) or new.get(address.key)
            kind, lines = (known.kind, known.end_line - known.start_line + 1) if known else ("", 0)
            found.setdefault(
                (address.key, what), Touch(address, kind, what, lines, gaps.get(address.key))
            )
    return list(found.values())


def adjacent_names(file: FileSymbols) -> dict[Key, tuple[str, str]]:
    """For each symbol the names of those in the lines right before and behind it; empty where there is none."""
    found: dict[Key, tuple[str, str]] = {}
    for siblings in _siblings(file):
        before = ""
        for one, other in zip_longest(siblings, siblings[1:]):
            behind = (
                other.address.key[-1]
                if other is not None and other.start_line <= one.end_line + 1
                else ""
            )
            found[one.address.key] = (before, behind)
            before = one.address.key[-1] if behind else ""
    return found


def _gaps(file: FileSymbols, old: dict[Key, Symbol]) -> Iterator[tuple[Key, tuple[str, str]]]:
    """Each new symbol of a file, with the names of its nearest neighbours that are not new."""
    for siblings in _siblings(file):
        names = [
            symbol.address.key[-1] if symbol.address.key in old else None for symbol in siblings
        ]
        before = ""
        for place, (symbol, name) in enumerate(zip(siblings, names, strict=True)):
            if name is not None:
                before = name
                continue
            behind = next((one for one in names[place:] if one is not None), "")
            yield symbol.address.key, (before, behind)


def _siblings(file: FileSymbols) -> Iterable[list[Symbol]]:
    inside: dict[Key, list[Symbol]] = {}
    for symbol in file.symbols:
        if symbol.address.segments and not symbol.is_own:
            inside.setdefault(symbol.address.key[:-1], []).append(symbol)
    return inside.values()
