"""Which of several symbols of one name in two versions are the same: overloads, repeated keys, redefinitions."""

from __future__ import annotations

from itertools import zip_longest

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import defaultdict, deque

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from git_muse_coord.symbols.values import Symbol

    Names = tuple[str, ...]
    """The bare names of a symbol's segments."""
    MaybePair = tuple[Symbol | None, Symbol | None]
    """An old and a new symbol; one of them is None where there is no counterpart."""


def pairs_by_name(
    old: Iterable[Symbol],
    new: Iterable[Symbol],
    *,
    old_depth: int = 0,
    new_depth: int = 0,
) -> Iterator[MaybePair]:
    """Each symbol with its counterpart of the same bare names, without the outermost ones down to a depth."""
    before = _by_names(old, old_depth)
    after = _by_names(new, new_depth)
    for names in {**before, **after}:
        old_namesakes = before.get(names, [])
        new_namesakes = after.get(names, [])
        if len(old_namesakes) == len(new_namesakes) == 1:
            yield old_namesakes[0], new_namesakes[0]  # the usual case: there is nothing to choose
        else:
            yield from _pairs(old_namesakes, new_namesakes)


def _by_names(symbols: Iterable[Symbol], depth: int) -> dict[Names, list[Symbol]]:
    groups: dict[Names, list[Symbol]] = defaultdict(list)
    for symbol in symbols:
        inner_names = symbol.names[depth:] if depth else symbol.names
        groups[inner_names].append(symbol)
    return groups


def _pairs(old: list[Symbol], new: list[Symbol]) -> list[MaybePair]:
    """Pair symbols of one name: equals first, then by signature, by body, and at last by order."""
    pairs: list[MaybePair] = []
    for sameness in _SAME:
        if len(old) == len(new) == 1:
            break
        waiting: dict[object, deque[Symbol]] = defaultdict(deque)
        for symbol in new:
            key = sameness(symbol)
            waiting[key].append(symbol)
        left: list[Symbol] = []
        taken: set[int] = set()
        for symbol in old:
            key = sameness(symbol)
            counterparts = waiting.get(key)
            if key and counterparts:
                counterpart = counterparts.popleft()
                pairs.append((symbol, counterpart))
                taken.add(id(counterpart))
            else:
                left.append(symbol)
        old = left
        new = [symbol for symbol in new if id(symbol) not in taken]
    # what has nothing in common but its name goes by the order in which it stands
    pairs += zip_longest(old, new)
    return pairs


_SAME: tuple[Callable[[Symbol], object], ...] = (
    lambda symbol: (symbol.content, symbol.text),
    lambda symbol: (symbol.head, symbol.decoration),
    lambda symbol: (symbol.head,),
    lambda symbol: symbol.body,
)
"""In what counterparts are the same, the surest first. An empty body is nobody's in particular."""
