"""Who was renamed or moved into whom: by equal bodies first, then by similar ones.

In one file an equal body is a rename at any length. Across files, and for similarity, a short one
alone proves nothing.

The symbols are given by their identities, in mappings from which the caller takes what was paired,
and with it what lies inside. So the mappings shrink while the pairs are made.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from git_muse_coord.symbols.values import Symbol

MIN_BODY = 60
"""Bytes below which a body in another file is too common to be recognised."""
MIN_SIMILARITY = 0.6
_MAX_PAIRS = 20_000
"""Pairs of each degree of kinship that are compared: without a bound their number is the square of the changes."""
_MAX_LOOKED_AT = 20 * _MAX_PAIRS
"""Pairs of each degree that are looked at to find those: most are of unequal length."""

Reader = Callable[[Sequence[str]], Iterable[bytes | None]]
"""Gives the contents of files by path, in their order; None for one that cannot be had."""

Pair = tuple[Symbol, Symbol]
"""An old and a new symbol."""

_Kinship = tuple[str, str | None, str | None, tuple[str, ...] | None]


def exact(deleted: Mapping[int, Symbol], added: Mapping[int, Symbol]) -> Iterator[Pair]:
    """Pairs with equal bodies, containers before what they hold."""
    kin = _by_kinship(deleted, added)
    for new in sorted(added.values(), key=_outermost):
        if new.is_own or not new.body:
            continue
        if id(new) not in added:  # it was paired as a part of its container
            continue
        old = _nearest_kin(kin, new, deleted)
        if old is None:
            continue
        if old.address.path == new.address.path or _size(new) >= MIN_BODY:
            yield old, new


def _by_kinship(
    deleted: Mapping[int, Symbol], added: Mapping[int, Symbol]
) -> dict[_Kinship, list[Symbol]]:
    """The deleted symbols whose bodies were added elsewhere, by each kinship, in the order of their lines."""
    wanted = {symbol.body for symbol in added.values() if not symbol.is_own}
    wanted.discard("")
    kin: dict[_Kinship, list[Symbol]] = defaultdict(list)
    for old in sorted(deleted.values(), key=_line):
        if old.is_own or old.body not in wanted:
            continue
        for kinship in _kinships(old):
            kin[kinship].append(old)
    return kin


def _kinships(symbol: Symbol) -> Iterator[_Kinship]:
    """What symbols of one body can have in common, the most first: path, name and container; None for what differs.

    So the nearest is found without comparing all with all, which takes minutes where thousands of
    bodies are alike.
    """
    # the file itself, as an empty name, is what a symbol at the top lies in
    steps = ("", *(segment.name for segment in symbol.address.segments))
    for path in (symbol.address.path, None):
        for name in (steps[-1], None):
            for container in (steps[:-1], None):
                yield symbol.body, path, name, container


def _nearest_kin(
    kin: Mapping[_Kinship, list[Symbol]],
    new: Symbol,
    deleted: Mapping[int, Symbol],
) -> Symbol | None:
    """The nearest symbol that has most in common and is still there."""
    for kinship in _kinships(new):
        old = _nearest(kin.get(kinship, []), new, deleted)
        if old is not None:
            return old
    return None


def _nearest(
    olds: list[Symbol],
    new: Symbol,
    deleted: Mapping[int, Symbol],
) -> Symbol | None:
    """Of symbols in the order of their lines the one whose line is nearest.

    Those that were paired meanwhile are taken out of ``olds`` when they are met, so that nobody
    meets them again.
    """
    while olds:
        at = bisect_left(olds, new.start_line, key=_line)
        neighbours = range(max(at - 1, 0), min(at + 1, len(olds)))
        nearest = min(neighbours, key=lambda place: abs(olds[place].start_line - new.start_line))
        if id(olds[nearest]) in deleted:
            return olds[nearest]
        del olds[nearest]
    return None


def similar(
    deleted: Mapping[int, Symbol],
    added: Mapping[int, Symbol],
    read_before: Reader,
    read_after: Reader,
) -> Iterator[Pair]:
    """Pairs whose bodies share enough trigrams, the most similar first."""
    pairs = _likely(_comparable(deleted), _comparable(added))
    shared: dict[bytes, bytes] = {}
    before = _trigrams((old for old, _ in pairs), read_before, shared)
    after = _trigrams((new for _, new in pairs), read_after, shared)

    scored: list[tuple[float, tuple[bool, bool, bool, int], Pair]] = []
    for old, new in pairs:
        similarity = _similarity(before[id(old)], after[id(new)])
        if similarity >= MIN_SIMILARITY:
            scored.append((similarity, _nearness(old, new), (old, new)))
    scored.sort(key=lambda entry: entry[:2], reverse=True)
    for _, _, (old, new) in scored:
        if id(old) in deleted and id(new) in added:
            yield old, new


def _comparable(symbols: Mapping[int, Symbol]) -> list[Symbol]:
    """The symbols whose bodies are long enough for their likeness to mean something."""
    return [
        symbol for symbol in symbols.values() if _size(symbol) >= MIN_BODY and not symbol.is_own
    ]


def _similarity(old: frozenset[bytes], new: frozenset[bytes]) -> float:
    """The trigrams that both have, divided by those of either: 1 is equal; 0 stands for too little, too."""
    shorter, longer = sorted((len(old), len(new)))
    if shorter < MIN_SIMILARITY * longer:
        return 0.0  # it would not be enough even if one held the other: spare the intersection
    common = len(old & new)
    return common / max(1, len(old) + len(new) - common)


def _likely(deleted: Sequence[Symbol], added: Sequence[Symbol]) -> list[Pair]:
    """The pairs to compare: all of them, or where there are too many, kin by file and by name before the rest."""
    pairs: list[Pair] = []
    for degree, kin_of in enumerate(_DEGREES):
        nearer_degrees = _DEGREES[:degree]
        kindred = islice(_kindred(deleted, added, kin_of), _MAX_LOOKED_AT)
        likely = (pair for pair in kindred if _is_likely(pair, nearer_degrees))
        pairs += islice(likely, _MAX_PAIRS)
    return pairs


def _kindred(
    deleted: Sequence[Symbol],
    added: Sequence[Symbol],
    kin_of: Callable[[Symbol], str],
) -> Iterator[Pair]:
    """All pairs of one degree, those of few kin first: a name that many have says little."""
    olds, news = _grouped(deleted, kin_of), _grouped(added, kin_of)
    groups = [(len(olds[kin]) * len(news[kin]), kin) for kin in news.keys() & olds.keys()]
    for _, kin in sorted(groups):
        for new in news[kin]:
            for old in olds[kin]:
                yield old, new


def _is_likely(pair: Pair, nearer_degrees: Sequence[Callable[[Symbol], str]]) -> bool:
    """Whether a pair may be similar, and was not listed among nearer kin."""
    old, new = pair
    shorter, longer = sorted((_size(old), _size(new)))
    # half as strict as the trigrams will be: of a text that repeats itself the length says little
    if shorter < MIN_SIMILARITY / 2 * longer:
        return False
    return all(kin_of(old) != kin_of(new) for kin_of in nearer_degrees)


def _grouped(
    symbols: Iterable[Symbol], kin_of: Callable[[Symbol], str]
) -> dict[tuple[str, str], list[Symbol]]:
    """Kin of one degree and of one kind; a function may become a method."""
    groups: dict[tuple[str, str], list[Symbol]] = defaultdict(list)
    for symbol in symbols:
        kind = "function" if symbol.kind == "method" else symbol.kind
        groups[kin_of(symbol), kind].append(symbol)
    return groups


def _path(symbol: Symbol) -> str:
    return symbol.address.path


def _last_name(symbol: Symbol) -> str:
    segments = symbol.address.segments
    return segments[-1].name if segments else ""


def _anything(_symbol: Symbol) -> str:
    return ""


_DEGREES: tuple[Callable[[Symbol], str], ...] = (_path, _last_name, _anything)
"""By what two symbols are kin, the nearest first; in the end all are."""


def _trigrams(
    symbols: Iterable[Symbol],
    read: Reader,
    shared: dict[bytes, bytes],
) -> dict[int, frozenset[bytes]]:
    """The trigrams of the bodies of some symbols, by their identities.

    ``shared`` keeps one copy of each trigram for all of them: there are far fewer different ones
    than there are bytes of source.
    """
    by_path: dict[str, dict[int, Symbol]] = defaultdict(dict)
    for symbol in symbols:
        by_path[symbol.address.path][id(symbol)] = symbol
    trigrams: dict[int, frozenset[bytes]] = {}
    for wanted, data in zip(by_path.values(), read(list(by_path)), strict=True):
        for symbol in wanted.values():
            body = (data or b"")[symbol.body_start : symbol.body_end]
            text = b" ".join(body.split())
            different = {text[at : at + 3] for at in range(len(text) - 2)}
            trigrams[id(symbol)] = frozenset(
                shared.setdefault(trigram, trigram) for trigram in different
            )
    return trigrams


def _size(symbol: Symbol) -> int:
    """The bytes of the body."""
    return symbol.body_end - symbol.body_start


def _line(symbol: Symbol) -> int:
    return symbol.start_line


def _outermost(symbol: Symbol) -> tuple[int, str, int]:
    return len(symbol.address.segments), symbol.address.path, symbol.start_byte


def _nearness(old: Symbol, new: Symbol) -> tuple[bool, bool, bool, int]:
    """How near two symbols are to each other by name and place."""
    return (
        old.address.path == new.address.path,
        old.address.segments[-1:] == new.address.segments[-1:],
        old.address.segments[:-1] == new.address.segments[:-1],
        -abs(old.start_line - new.start_line),
    )
