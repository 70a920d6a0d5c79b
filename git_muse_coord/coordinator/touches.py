"""From the changes of symbols to what a side touches: the evidence from which conflicts are foreseen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from git_muse_coord.model.address import Key
from git_muse_coord.rules.evidence import Touch
from git_muse_coord.symbols.values import Change, ChangeKind, FileSymbols, Symbol

_OWN = ("imports", "module")
_VERBS = {
    ChangeKind.ADDED: "add",
    ChangeKind.DELETED: "delete",
    ChangeKind.RENAMED: "rename",
    ChangeKind.MOVED: "rename",
}


def touches(changes: Iterable[Change], before: Iterable[FileSymbols], after: Iterable[FileSymbols]) -> list[Touch]:
    """What the changes between two versions of some files touch; a rename touches the old place and the new one."""
    old = {symbol.address.key: symbol for file in before for symbol in file.symbols}
    after = list(after)
    new = {symbol.address.key: symbol for file in after for symbol in file.symbols}
    gaps = dict(gap for file in after for gap in _gaps(file, old))
    found: dict[tuple[Key, str], Touch] = {}
    for change in changes:
        verb = _VERBS.get(change.change, "modify")
        places = [(change.address, verb)]
        if change.from_address is not None and change.from_address.key != change.address.key:
            places = [(change.from_address, verb), (change.address, "add")]
        for address, what in places:
            known = old.get(address.key) or new.get(address.key)
            kind, lines = (known.kind, known.end_line - known.start_line + 1) if known else ("", 0)
            gap = gaps.get(address.key) if what == "add" else None
            found.setdefault((address.key, what), Touch(address, kind, what, lines, gap))
    return list(found.values())


def _gaps(file: FileSymbols, old: dict[Key, Symbol]) -> Iterator[tuple[Key, tuple[str, str]]]:
    """Each new symbol of a file, with the names of its nearest neighbours that are not new."""
    inside: dict[Key, list[Symbol]] = {}
    for symbol in file.symbols:
        if symbol.kind not in _OWN:
            inside.setdefault(symbol.address.key[:-1], []).append(symbol)
    for siblings in inside.values():
        names = [symbol.address.key[-1] if symbol.address.key in old else None for symbol in siblings]
        before = ""
        for place, (symbol, name) in enumerate(zip(siblings, names, strict=True)):
            if name is not None:
                before = name
                continue
            behind = next((one for one in names[place:] if one is not None), "")
            yield symbol.address.key, (before, behind)
