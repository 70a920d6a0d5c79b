"""Which files were moved: by their very bytes first, then by the symbols that both hold."""

from __future__ import annotations

from itertools import chain, islice

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import defaultdict, deque
from git_muse_coord.symbols.renames import MIN_BODY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from git_muse_coord.symbols.values import FileSymbols, Symbol

_MIN_SIMILARITY = 0.5
"""Equal symbols of two files, divided by all that are in either."""
_MAX_ORIGINS = 50
"""Old files with which a new one is compared: where thousands are alike, their pairs would take minutes."""

_Identity = tuple[tuple[str, ...], str, str, str]
_Inventory = dict[_Identity, int]
"""The bytes that each symbol of a file takes."""


def identical(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """New paths with the old paths whose very bytes they have, of any length, as git tells renames.

    The ids of the contents are given by path. Of several old paths one of the same name comes
    first; each is taken once.
    """
    gone = _only_in(before, after)
    new = _only_in(after, before)
    origins: dict[str, str] = {}
    for is_same_name_wanted in (True, False):
        waiting: dict[tuple[str, str], deque[str]] = defaultdict(deque)
        for path, content in gone.items():
            name = _name(path) if is_same_name_wanted else ""
            waiting[content, name].append(path)
        for path, content in list(new.items()):
            name = _name(path) if is_same_name_wanted else ""
            candidates = waiting[content, name]
            if not candidates:
                continue
            origin = candidates.popleft()
            origins[path] = origin
            del new[path]
            del gone[origin]
    return origins


def _only_in(one_side: Mapping[str, str], other_side: Mapping[str, str]) -> dict[str, str]:
    """What only one version has, in the order of the paths."""
    paths = one_side.keys() - other_side.keys()
    return {path: one_side[path] for path in sorted(paths)}


def moved_files(
    before: Mapping[str, FileSymbols], after: Mapping[str, FileSymbols]
) -> dict[str, str]:
    """New paths with the old paths they were moved from, by the symbols that both hold."""
    gone: dict[str, _Inventory] = {}
    # ordered sets: what is chosen among equals must not depend on the process
    holders: dict[_Identity, dict[str, None]] = defaultdict(dict)
    for path in sorted(before.keys() - after.keys()):
        gone[path] = _inventory(before[path])
        for identity in gone[path]:
            holders[identity][path] = None

    origins: dict[str, str] = {}
    for path in sorted(after.keys() - before.keys()):
        inventory = _inventory(after[path])
        candidates: dict[str, _Inventory] = {}
        for candidate in _candidates(inventory, holders):
            candidates[candidate] = gone[candidate]
        origin = _most_similar(path, inventory, candidates)
        if origin is None:
            continue
        origins[path] = origin
        for identity in gone[origin]:  # each old file is taken once
            del holders[identity][origin]
    return origins


def _candidates(
    inventory: _Inventory, holders: Mapping[_Identity, dict[str, None]]
) -> Iterable[str]:
    """The old files that share a symbol, those with rare ones first, at most ``_MAX_ORIGINS``."""
    shared: list[dict[str, None]] = []
    for identity in inventory:
        if identity in holders:
            shared.append(holders[identity])
    shared.sort(key=len)
    first_paths = islice(chain.from_iterable(shared), _MAX_ORIGINS)
    return dict.fromkeys(first_paths)


def _most_similar(
    path: str,
    inventory: _Inventory,
    candidates: Mapping[str, _Inventory],
) -> str | None:
    """The candidate that holds most of the same, among equals one of the same name; None when none holds enough."""
    name = _name(path)
    scores: list[tuple[float, bool, str]] = []
    for origin, symbols in candidates.items():
        common = inventory.keys() & symbols.keys()
        shared_bytes = sum(map(inventory.__getitem__, common))
        # little in common may be so by chance
        if shared_bytes < MIN_BODY:
            continue
        either = inventory.keys() | symbols.keys()
        similarity = len(common) / len(either)
        is_namesake = _name(origin) == name
        scores.append((similarity, is_namesake, origin))
    if not scores:
        return None
    similarity, _, origin = max(scores)
    if similarity < _MIN_SIMILARITY:
        return None
    return origin


def _inventory(file: FileSymbols) -> _Inventory:
    """What a file holds, each symbol without what is nested in it.

    Short symbols count too: together they are proof, and there are files of nothing else.
    """
    inventory: _Inventory = {}
    for symbol in file.symbols:
        if symbol.is_own:
            continue
        size = symbol.end_byte - symbol.start_byte
        inventory[_identity(symbol)] = size
    return inventory


def _identity(symbol: Symbol) -> _Identity:
    return symbol.names, symbol.decoration, symbol.head, symbol.direct


def _name(path: str) -> str:
    _, _, name = path.rpartition("/")
    return name
