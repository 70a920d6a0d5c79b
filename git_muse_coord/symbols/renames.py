"""Who was renamed or moved into whom: by equal bodies first, then by similar ones.

In one file an equal body is a rename at any length. Across files, and for similarity, a short one
alone proves nothing.

The symbols are given by their identities, in mappings from which the caller takes what was paired,
and with it what lies inside. So the mappings shrink while the pairs are made.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import islice, product

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_tools import defaultdict

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )

    from git_muse_coord.symbols.values import Symbol

    Reader = Callable[[Sequence[str]], Iterable[bytes | None]]
    """Gives the contents of files by path, in their order; None for one that cannot be had."""

    Pair = tuple[Symbol, Symbol]
    """An old and a new symbol."""

    _Kinship = tuple[str, str | None, str | None, tuple[str, ...] | None]
    _Nearness = tuple[bool, bool, bool, int]
    _KinOf = Callable[[Symbol], str]
    """What two symbols must have in common to be kin of one degree."""
    _Kin = tuple[str, str]
    """What kin of one degree have in common, and their kind."""

MIN_BODY = 60
"""Bytes below which a body in another file is too common to be recognised."""
MIN_SIMILARITY = 0.6
_MAX_PAIRS = 20_000
"""Pairs of each degree of kinship that are compared: without a bound their number is the square of the changes."""
_MAX_LOOKED_AT = 20 * _MAX_PAIRS
"""Pairs of each degree that are looked at to find those: most are of unequal length."""


class _Scored(NamedTuple):
    """A pair that is similar enough, and what decides which of several is taken."""

    similarity: float
    nearness: _Nearness
    old: Symbol
    new: Symbol


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
        is_in_same_file = old.path == new.path
        if is_in_same_file or _size(new) >= MIN_BODY:
            yield old, new


def _by_kinship(
    deleted: Mapping[int, Symbol], added: Mapping[int, Symbol]
) -> dict[_Kinship, list[Symbol]]:
    """The deleted symbols whose bodies were added elsewhere, by each kinship, in the order of their lines."""
    bodies: set[str] = set()
    for new in added.values():
        if new.body and not new.is_own:
            bodies.add(new.body)
    kin: dict[_Kinship, list[Symbol]] = defaultdict(list)
    for old in sorted(deleted.values(), key=_line):
        if old.is_own or old.body not in bodies:
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
    *container, name = ("", *symbol.names)
    paths = (symbol.path, None)
    names = (name, None)
    containers = (tuple(container), None)
    for in_common in product(paths, names, containers):
        yield symbol.body, *in_common


def _nearest_kin(
    kin: Mapping[_Kinship, list[Symbol]],
    new: Symbol,
    deleted: Mapping[int, Symbol],
) -> Symbol | None:
    """The nearest symbol that has most in common and is still there."""
    for kinship in _kinships(new):
        olds = kin.get(kinship)
        if olds is None:
            continue
        old = _nearest(olds, new, deleted)
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

    def distance(place: int) -> int:
        return abs(olds[place].start_line - new.start_line)

    while olds:
        behind = bisect_left(olds, new.start_line, key=_line)
        first = max(behind - 1, 0)
        last = min(behind, len(olds) - 1)
        nearest = min(range(first, last + 1), key=distance)
        old = olds[nearest]
        if id(old) in deleted:
            return old
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
    olds = (old for old, _ in pairs)
    news = (new for _, new in pairs)
    before = _trigrams(olds, read_before, shared)
    after = _trigrams(news, read_after, shared)

    scored: list[_Scored] = []
    for old, new in pairs:
        trigrams = before[id(old)]
        similarity = _similarity(trigrams, after[id(new)])
        if similarity >= MIN_SIMILARITY:
            nearness = _nearness(old, new)
            scored.append(_Scored(similarity, nearness, old, new))
    scored.sort(key=_rank, reverse=True)
    for pair in scored:
        # Either may have been taken by a better pair before, which the caller says by these two.
        if id(pair.old) in deleted and id(pair.new) in added:
            yield pair.old, pair.new


def _comparable(symbols: Mapping[int, Symbol]) -> list[Symbol]:
    """The symbols whose bodies are long enough for their likeness to mean something."""
    comparable: list[Symbol] = []
    for symbol in symbols.values():
        if symbol.is_own:
            continue
        if _size(symbol) >= MIN_BODY:
            comparable.append(symbol)
    return comparable


def _similarity(old: frozenset[bytes], new: frozenset[bytes]) -> float:
    """The trigrams that both have, divided by those of either: 1 is equal; 0 stands for too little, too."""
    shorter, longer = sorted((len(old), len(new)))
    if shorter < MIN_SIMILARITY * longer:
        return 0.0  # it would not be enough even if one held the other: spare the intersection
    common = len(old & new)
    either = shorter + longer - common
    return common / max(1, either)


def _likely(deleted: Sequence[Symbol], added: Sequence[Symbol]) -> list[Pair]:
    """The pairs to compare: all of them, or where there are too many, kin by file and by name before the rest."""
    pairs: list[Pair] = []
    for degree, kin_of in enumerate(_DEGREES):
        nearer_degrees = _DEGREES[:degree]
        kindred = _kindred(deleted, added, kin_of)
        taken = 0
        for old, new in islice(kindred, _MAX_LOOKED_AT):
            if not _is_likely(old, new, nearer_degrees):
                continue
            pairs.append((old, new))
            taken += 1
            if taken == _MAX_PAIRS:
                break
    return pairs


def _kindred(
    deleted: Sequence[Symbol],
    added: Sequence[Symbol],
    kin_of: _KinOf,
) -> Iterator[Pair]:
    """All pairs of one degree, those of few kin first: a name that many have says little."""
    olds = _grouped(deleted, kin_of)
    news = _grouped(added, kin_of)

    def number_of_pairs(kin: _Kin) -> tuple[int, _Kin]:
        number = len(olds[kin]) * len(news[kin])
        return number, kin

    on_both_sides = news.keys() & olds.keys()
    for kin in sorted(on_both_sides, key=number_of_pairs):
        for new, old in product(news[kin], olds[kin]):
            yield old, new


def _is_likely(
    old: Symbol,
    new: Symbol,
    nearer_degrees: Iterable[_KinOf],
) -> bool:
    """Whether a pair may be similar, and was not listed among nearer kin."""
    sizes = (_size(old), _size(new))
    shorter, longer = sorted(sizes)
    # half as strict as the trigrams will be: of a text that repeats itself the length says little
    if shorter < MIN_SIMILARITY / 2 * longer:
        return False
    for kin_of in nearer_degrees:
        if kin_of(old) == kin_of(new):
            return False
    return True


def _grouped(symbols: Iterable[Symbol], kin_of: _KinOf) -> dict[_Kin, list[Symbol]]:
    """Kin of one degree and of one kind; a function may become a method."""
    groups: dict[_Kin, list[Symbol]] = defaultdict(list)
    for symbol in symbols:
        kind = symbol.kind
        if kind == "method":
            kind = "function"
        kin = kin_of(symbol)
        groups[kin, kind].append(symbol)
    return groups


def _path(symbol: Symbol) -> str:
    return symbol.path


def _last_name(symbol: Symbol) -> str:
    if not symbol.names:
        return ""
    return symbol.names[-1]


def _anything(_symbol: Symbol) -> str:
    return ""


_DEGREES: tuple[_KinOf, ...] = (_path, _last_name, _anything)
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
    # A symbol is in many pairs, and here once.
    by_path: dict[str, dict[int, Symbol]] = defaultdict(dict)
    for symbol in symbols:
        by_path[symbol.path][id(symbol)] = symbol
    contents = read(list(by_path))
    trigrams: dict[int, frozenset[bytes]] = {}
    for wanted, data in zip(by_path.values(), contents, strict=True):
        for symbol in wanted.values():
            # A file that cannot be had is like nothing.
            body = data[symbol.body_start : symbol.body_end] if data else b""
            # How a body is broken into lines, and how far it is indented, is layout.
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
    return len(symbol.names), symbol.path, symbol.start_byte


def _nearness(old: Symbol, new: Symbol) -> _Nearness:
    """How near two symbols are to each other by name and place."""
    old_steps = old.steps
    new_steps = new.steps
    return (
        old.path == new.path,
        old_steps[-1:] == new_steps[-1:],
        old_steps[:-1] == new_steps[:-1],
        -abs(old.start_line - new.start_line),
    )


def _rank(pair: _Scored) -> tuple[float, _Nearness]:
    return pair.similarity, pair.nearness
