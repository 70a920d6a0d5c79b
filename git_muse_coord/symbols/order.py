"""Which definitions stand in another order than before, where their order means something.

Functions and types may stand in any order; what is evaluated when a file is read, and the sections
of a text, may not, nor may several definitions of one name, of which the last one counts in many
languages.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from git_muse_coord.symbols.languages import facts_of
from git_muse_coord.symbols.values import FileSymbols, Symbol

_ORDERED = frozenset(
    {"alias", "constant", "field", "heading", "macro", "property", "value", "variable"}
)
"""The kinds of what is evaluated in order, or read in order by people. Keys are not: a mapping has no order."""

_Names = tuple[str, ...]
_Key = tuple[_Names, str]
"""A symbol that is in both versions as it was: its names and its content."""
_Siblings = dict[_Key, Symbol]


def out_of_order(old: FileSymbols, new: FileSymbols) -> Iterator[Symbol]:
    """The fewest symbols of the new version that must have been moved, all else being equal."""
    before, after = _families(old), _families(new)
    for container, siblings in after.items():
        yield from _moved(before.get(container, {}), siblings)


def _families(file: FileSymbols) -> dict[_Names, _Siblings]:
    """The symbols whose order tells, by what they lie in, in the order of the file."""
    namesakes = Counter(symbol.names for symbol in file.symbols)
    last_counts = facts_of(file.language).last_definition_counts
    families: dict[_Names, _Siblings] = defaultdict(dict)
    for symbol in sorted(file.symbols, key=_start):
        names = symbol.names
        is_ordered = symbol.kind in _ORDERED or (last_counts and namesakes[names] > 1)
        if is_ordered and not symbol.is_own:
            families[names[:-1]].setdefault((names, symbol.content), symbol)
    return families


def _start(symbol: Symbol) -> int:
    return symbol.start_byte


def _moved(before: _Siblings, after: _Siblings) -> Iterator[Symbol]:
    """The siblings to be moved: all that are not in a longest row that kept its order."""
    places = {key: place for place, key in enumerate(before)}
    kept = [key for key in after if key in places]
    old_places = [places[key] for key in kept]
    stays = _longest_ascending(old_places)
    for index, key in enumerate(kept):
        if index not in stays:
            yield after[key]


def _longest_ascending(numbers: Sequence[int]) -> set[int]:
    """The indexes of a longest ascending subsequence of different numbers, by patience sorting (Fredman 1975).

    Each number goes on the first pile whose top is not smaller. The best subsequence that ends with
    it goes on from what lies on top of the pile before.
    """
    tops: list[int] = []
    top_indexes: list[int] = []
    previous: list[int | None] = []
    for index, number in enumerate(numbers):
        pile = bisect_left(tops, number)
        previous.append(top_indexes[pile - 1] if pile else None)
        if pile == len(tops):
            tops.append(number)
            top_indexes.append(index)
        else:
            tops[pile] = number
            top_indexes[pile] = index

    chosen: set[int] = set()
    index_or_none = top_indexes[-1] if top_indexes else None
    while index_or_none is not None:
        chosen.add(index_or_none)
        index_or_none = previous[index_or_none]
    return chosen
