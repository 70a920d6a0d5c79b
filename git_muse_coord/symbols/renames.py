"""Who was renamed or moved into whom: by equal bodies first, then by similar ones.

In one file an equal body is a rename at any length. Across files, and for similarity, a short one
alone proves nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, product

from git_muse_coord.symbols.values import FileSymbols, Symbol

MIN_BODY = 60
"""Bytes below which a body in another file is too common to be recognised."""
MIN_SIMILARITY = 0.6
_MIN_FILE_SIMILARITY = 0.5
_MAX_PAIRS = 20_000
"""So many pairs of each degree of kinship are compared: without a bound their number is the square of the changes."""
_MAX_LOOKED_AT = 20 * _MAX_PAIRS
"""So many are looked at for it."""
_MAX_ALIKE = 50
"""Of what is the same in more places than this, so many are looked at for the nearest."""

Reader = Callable[[Sequence[str]], Iterable[bytes | None]]


def identical(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """New paths with the old paths whose very bytes they have, of any length, as git tells renames.

    The ids of the contents are given by path. Of several old paths one of the same name comes
    first; each is taken once.
    """
    gone = {path: before[path] for path in sorted(before.keys() - after.keys())}
    new = {path: after[path] for path in sorted(after.keys() - before.keys())}
    found: dict[str, str] = {}
    for of_one_name in (True, False):
        origins: dict[tuple[str, str], deque[str]] = defaultdict(deque)
        for path, content in gone.items():
            origins[content, _name(path) if of_one_name else ""].append(path)
        for path, content in list(new.items()):
            if waiting := origins[content, _name(path) if of_one_name else ""]:
                found[path] = waiting.popleft()
                del new[path], gone[found[path]]
    return found


def moved_files(
    before: Mapping[str, FileSymbols], after: Mapping[str, FileSymbols]
) -> dict[str, str]:
    """New paths with the old paths they were moved from, by the symbols that both hold."""
    gone = {path: _inventory(before[path]) for path in before.keys() - after.keys()}
    found: dict[str, str] = {}
    holders: dict[object, dict[str, None]] = defaultdict(dict)
    for path in sorted(gone):
        for item in gone[path]:
            holders[item][path] = None
    for path in sorted(after.keys() - before.keys()):
        items = _inventory(after[path])
        rarest = sorted((holders[item] for item in items if item in holders), key=len)
        origins = dict.fromkeys(islice(chain.from_iterable(rarest), _MAX_ALIKE))
        shared = {origin: items.keys() & gone[origin].keys() for origin in origins}
        scores = [
            (
                len(common) / len(items.keys() | gone[origin].keys()),
                _name(origin) == _name(path),
                origin,
            )
            for origin, common in shared.items()
            if sum(map(items.__getitem__, common)) >= MIN_BODY
        ]
        if scores and max(scores)[0] >= _MIN_FILE_SIMILARITY:
            found[path] = max(scores)[2]
            for item in gone[found[path]]:
                del holders[item][found[path]]
    return found


def _inventory(file: FileSymbols) -> dict[object, int]:
    """What a file holds, each without what is nested in it, and how long it is: together, short ones are proof, too."""
    return {
        _own(symbol): symbol.end_byte - symbol.start_byte
        for symbol in file.symbols
        if not symbol.is_own
    }


def _own(symbol: Symbol) -> object:
    names = tuple(segment.name for segment in symbol.address.segments)
    return names, symbol.decoration, symbol.head, symbol.direct


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def exact(
    deleted: Mapping[int, Symbol], added: Mapping[int, Symbol]
) -> Iterator[tuple[Symbol, Symbol]]:
    """Pairs with equal bodies, containers before what they hold. The mappings may shrink meanwhile."""
    wanted = {symbol.body for symbol in added.values() if not symbol.is_own} - {""}
    kin: dict[_Kinship, list[Symbol]] = defaultdict(list)
    for old in sorted(deleted.values(), key=_line):
        if old.body in wanted and not old.is_own:
            for kinship in _kinships(old):
                kin[kinship].append(old)
    for new in sorted(added.values(), key=_outermost):
        if new.is_own or not new.body or id(new) not in added:
            continue
        near = (_nearest(kin[each], new, deleted) for each in _kinships(new) if each in kin)
        found = next((old for old in near if old is not None), None)
        if found is not None and (found.address.path == new.address.path or _size(new) >= MIN_BODY):
            yield found, new


_Kinship = tuple[str, str | None, str | None, tuple[object, ...] | None]


def _kinships(symbol: Symbol) -> Iterator[_Kinship]:
    """What symbols of one body can have in common, the most first: path, name and container; None for what differs.

    So the nearest is found without comparing all with all, which takes minutes where thousands of
    bodies are alike.
    """
    *container, name = (None, *(segment.name for segment in symbol.address.segments))
    parts = product((symbol.address.path, None), (name, None), (tuple(container), None))
    return ((symbol.body, path, last, around) for path, last, around in parts)


def _nearest(olds: list[Symbol], new: Symbol, deleted: Mapping[int, Symbol]) -> Symbol | None:
    """Of some symbols in the order of their lines the one that is nearest; those that were taken go."""
    while olds:
        at = bisect_left(olds, new.start_line, key=_line)
        around = range(max(at - 1, 0), min(at + 1, len(olds)))
        nearest = min(around, key=lambda each: abs(olds[each].start_line - new.start_line))
        if id(olds[nearest]) in deleted:
            return olds[nearest]
        del olds[nearest]
    return None


def _line(symbol: Symbol) -> int:
    return symbol.start_line


def similar(
    deleted: Mapping[int, Symbol],
    added: Mapping[int, Symbol],
    read_before: Reader,
    read_after: Reader,
) -> Iterator[tuple[Symbol, Symbol]]:
    """Pairs whose bodies share enough trigrams, the most similar first. The mappings may shrink meanwhile."""
    pairs = _likely(
        [symbol for symbol in deleted.values() if _size(symbol) >= MIN_BODY and not symbol.is_own],
        [symbol for symbol in added.values() if _size(symbol) >= MIN_BODY and not symbol.is_own],
    )
    shared: dict[bytes, bytes] = {}
    before = _trigrams((old for old, _ in pairs), read_before, shared)
    after = _trigrams((new for _, new in pairs), read_after, shared)
    scored = []
    for old, new in pairs:
        one, two = before[id(old)], after[id(new)]
        if min(len(one), len(two)) < MIN_SIMILARITY * max(len(one), len(two)):
            continue  # even if one held the other
        common = len(one & two)
        score = common / max(1, len(one) + len(two) - common)
        if score >= MIN_SIMILARITY:
            scored.append((score, _kinship(old, new), old, new))
    scored.sort(key=lambda each: each[:2], reverse=True)
    for _, _, old, new in scored:
        if id(old) in deleted and id(new) in added:
            yield old, new


def _likely(deleted: Sequence[Symbol], added: Sequence[Symbol]) -> list[tuple[Symbol, Symbol]]:
    """The pairs to compare: all of them, or where there are too many, kin by file and by name before the rest.

    Of kin, those of few come first: a name that many have says little.
    """
    pairs: list[tuple[Symbol, Symbol]] = []
    for at, kin in enumerate(_KIN):
        olds, news = _grouped(deleted, kin), _grouped(added, kin)
        kindred = (
            (old, new)
            for each in sorted(
                news.keys() & olds.keys(),
                key=lambda each: (len(olds[each]) * len(news[each]), each),
            )
            for new in news[each]
            for old in olds[each]
        )
        found = (
            (old, new)
            for old, new in islice(kindred, _MAX_LOOKED_AT)
            if _comparable(old, new) and not any(nearer(old) == nearer(new) for nearer in _KIN[:at])
        )
        pairs += islice(found, _MAX_PAIRS)
    return pairs


def _grouped(
    symbols: Iterable[Symbol], kin: Callable[[Symbol], str]
) -> dict[tuple[str, str], list[Symbol]]:
    """Kin of one kind; a function may become a method."""
    groups: dict[tuple[str, str], list[Symbol]] = defaultdict(list)
    for symbol in symbols:
        groups[kin(symbol), "function" if symbol.kind == "method" else symbol.kind].append(symbol)
    return groups


_KIN: tuple[Callable[[Symbol], str], ...] = (
    lambda symbol: symbol.address.path,
    lambda symbol: symbol.address.segments[-1].name if symbol.address.segments else "",
    lambda _: "",
)
"""By what two symbols are kin, the nearest first; in the end all are."""


def _trigrams(
    symbols: Iterable[Symbol], read: Reader, shared: dict[bytes, bytes]
) -> dict[int, frozenset[bytes]]:
    """The trigrams of the bodies of some symbols, by their identities; equal ones are in memory once."""
    by_path: dict[str, dict[int, Symbol]] = defaultdict(dict)
    for symbol in symbols:
        by_path[symbol.address.path][id(symbol)] = symbol
    found: dict[int, frozenset[bytes]] = {}
    for wanted, data in zip(by_path.values(), read(list(by_path)), strict=True):
        for symbol in wanted.values():
            text = b" ".join((data or b"")[symbol.body_start : symbol.body_end].split())
            trigrams = {text[at : at + 3] for at in range(len(text) - 2)}
            found[id(symbol)] = frozenset(shared.setdefault(each, each) for each in trigrams)
    return found


def _comparable(old: Symbol, new: Symbol) -> bool:
    one, two = _size(old), _size(new)
    return min(one, two) >= MIN_SIMILARITY / 2 * max(one, two)


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
