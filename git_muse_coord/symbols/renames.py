"""Who was renamed or moved into whom: by equal bodies first, then by similar ones.

In one file an equal body is a rename at any length. Across files, and for similarity, a short one alone
proves nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from git_muse_coord.symbols.values import FileSymbols, Symbol

MIN_BODY = 60
"""Bytes below which a body in another file is too common to be recognised."""
MIN_SIMILARITY = 0.6
_MIN_FILE_SIMILARITY = 0.5
_MAX_PAIRS = 20_000
_OWN = ("imports", "module")

Reader = Callable[[str], bytes | None]


def files(before: Mapping[str, FileSymbols], after: Mapping[str, FileSymbols]) -> dict[str, str]:
    """New paths with the old paths they were moved from, by the symbols that both hold."""
    gone = {path: _inventory(before[path]) for path in before.keys() - after.keys()}
    found: dict[str, str] = {}
    holders: dict[object, set[str]] = defaultdict(set)
    for path, items in gone.items():
        for item in items:
            holders[item].add(path)
    for path in sorted(after.keys() - before.keys()):
        items = _inventory(after[path])
        shared: dict[str, list[object]] = defaultdict(list)
        for item in items:
            for origin in holders.get(item, ()):
                shared[origin].append(item)
        scores = [
            (len(common) / len(items.keys() | gone[origin].keys()), _name(origin) == _name(path), origin)
            for origin, common in shared.items()
            if origin not in found.values() and sum(map(items.__getitem__, common)) >= MIN_BODY
        ]
        if scores and max(scores)[0] >= _MIN_FILE_SIMILARITY:
            found[path] = max(scores)[2]
    return found


def _inventory(file: FileSymbols) -> dict[object, int]:
    """What a file holds, each without what is nested in it, and how long it is: together, short ones are proof, too."""
    return {_own(symbol): symbol.end_byte - symbol.start_byte for symbol in file.symbols if symbol.kind not in _OWN}


def _own(symbol: Symbol) -> object:
    names = tuple(segment.name for segment in symbol.address.segments)
    return names, symbol.decoration, symbol.head, symbol.direct


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def exact(deleted: Mapping[int, Symbol], added: Mapping[int, Symbol]) -> Iterator[tuple[Symbol, Symbol]]:
    """Pairs with equal bodies, containers before what they hold. The mappings may shrink meanwhile."""
    bodies: dict[str, list[Symbol]] = defaultdict(list)
    for symbol in deleted.values():
        if symbol.body and symbol.kind not in _OWN:
            bodies[symbol.body].append(symbol)
    for new in sorted(added.values(), key=_outermost):
        if new.kind in _OWN or not new.body or id(new) not in added:
            continue
        candidates = [
            old
            for old in bodies[new.body]
            if id(old) in deleted and (old.address.path == new.address.path or _size(new) >= MIN_BODY)
        ]
        if candidates:
            yield max(candidates, key=lambda old: _kinship(old, new)), new


def similar(
    deleted: Mapping[int, Symbol], added: Mapping[int, Symbol], read_before: Reader, read_after: Reader
) -> Iterator[tuple[Symbol, Symbol]]:
    """Pairs whose bodies share enough trigrams, the most similar first. The mappings may shrink meanwhile."""

    @cache
    def source(path: str, *, new: bool) -> bytes:
        return (read_after if new else read_before)(path) or b""

    @cache
    def trigrams(path: str, start: int, end: int, *, new: bool) -> frozenset[bytes]:
        text = b" ".join(source(path, new=new)[start:end].split())
        return frozenset(text[at : at + 3] for at in range(len(text) - 2))

    def of(symbol: Symbol, *, new: bool) -> frozenset[bytes]:
        return trigrams(symbol.address.path, symbol.body_start, symbol.body_end, new=new)

    pairs = [
        (old, new)
        for new in added.values()
        for old in deleted.values()
        if _size(old) >= MIN_BODY <= _size(new) and _comparable(old, new)
    ]
    pairs.sort(key=lambda pair: _kinship(*pair), reverse=True)
    scored = []
    for old, new in pairs[:_MAX_PAIRS]:
        one, two = of(old, new=False), of(new, new=True)
        common = len(one & two)
        score = common / max(1, len(one) + len(two) - common)
        if score >= MIN_SIMILARITY:
            scored.append((score, _kinship(old, new), old, new))
    scored.sort(key=lambda each: each[:2], reverse=True)
    for _, _, old, new in scored:
        if id(old) in deleted and id(new) in added:
            yield old, new


def _comparable(old: Symbol, new: Symbol) -> bool:
    sizes = sorted((_size(old), _size(new)))
    kinds = {old.kind, new.kind}
    same = len(kinds) == 1 or kinds == {"function", "method"}
    return same and old.kind not in _OWN and sizes[0] >= MIN_SIMILARITY / 2 * sizes[1]


def _size(symbol: Symbol) -> int:
    return symbol.body_end - symbol.body_start


def _outermost(symbol: Symbol) -> tuple[int, str, int]:
    return len(symbol.address.segments), symbol.address.path, symbol.start_byte


def _kinship(old: Symbol, new: Symbol) -> tuple[bool, bool, bool, int]:
    """How near two symbols are to each other by name and place."""
    return (
        old.address.path == new.address.path,
        old.address.segments[-1:] == new.address.segments[-1:],
        old.address.segments[:-1] == new.address.segments[:-1],
        -abs(old.start_line - new.start_line),
    )
