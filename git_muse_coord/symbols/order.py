"""Which definitions stand in another order than before, where their order means something.

Functions and types may stand in any order; what is evaluated when a file is read, and the sections
of a text, may not, nor may several definitions of one name, of which the last one counts in many
languages.
"""

from __future__ import annotations

from bisect import bisect_left

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.symbols.languages import facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from git_muse_coord.symbols.values import FileSymbols, Symbol

    _Names = tuple[str, ...]
    _Key = tuple[_Names, str]
    """A symbol that is in both versions as it was: its names and its content."""
    _Siblings = dict[_Key, Symbol]

_ORDERED = frozenset(
    {"alias", "constant", "field", "heading", "macro", "property", "step", "value", "variable"}
)
"""The kinds of what is evaluated in order, or read in order by people. Keys are not: a mapping has no order."""


def out_of_order(old: FileSymbols, new: FileSymbols) -> Iterator[Symbol]:
    """The fewest symbols of the new version that must have been moved, all else being equal."""
    before = _families(old)
    after = _families(new)
    for container, siblings in after.items():
        # What lies in a new container has no order that could have changed.
        siblings_before = before.get(container, {})
        yield from _moved(siblings_before, siblings)


def _families(file: FileSymbols) -> dict[_Names, _Siblings]:
    """The symbols whose order tells, by what they lie in, in the order of the file."""
    facts = facts_of(file.language)
    redefined: set[_Names] = set()
    if facts.last_definition_counts:
        redefined = _repeated(symbol.names for symbol in file.symbols)
    # Few symbols are among them, so that these are sought before anything is sorted.
    ordered: list[Symbol] = []
    for symbol in file.symbols:
        if facts.order_counts or symbol.kind in _ORDERED or symbol.names in redefined:
            ordered.append(symbol)
    families: dict[_Names, _Siblings] = defaultdict(dict)
    for symbol in sorted(ordered, key=_start):
        if symbol.is_own:
            continue
        names = symbol.names
        siblings = families[names[:-1]]
        # The first of several that are the same: nothing tells which of them was moved.
        siblings.setdefault((names, symbol.content), symbol)
    return families


def _repeated(everything: Iterable[_Names]) -> set[_Names]:
    """What stands there more than once."""
    seen: set[_Names] = set()
    repeated: set[_Names] = set()
    for names in everything:
        if names in seen:
            repeated.add(names)
        seen.add(names)
    return repeated


def _start(symbol: Symbol) -> int:
    return symbol.start_byte


def _moved(before: _Siblings, after: _Siblings) -> Iterator[Symbol]:
    """The siblings to be moved: all that are not in a longest row that kept its order."""
    places: dict[_Key, int] = {}
    for place, key in enumerate(before):
        places[key] = place
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
        before: int | None = None
        if pile > 0:
            before = top_indexes[pile - 1]
        previous.append(before)
        if pile == len(tops):
            tops.append(number)
            top_indexes.append(index)
        else:
            tops[pile] = number
            top_indexes[pile] = index

    chosen: set[int] = set()
    if not top_indexes:
        return chosen
    # Back from the top of the last pile, from each number to the one before it.
    step: int | None = top_indexes[-1]
    while step is not None:
        chosen.add(step)
        step = previous[step]
    return chosen
