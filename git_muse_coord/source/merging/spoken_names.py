"""Which of the symbols that one side took away the other can use at all, by the names that its files speak.

To link a file, those of the whole tree must be read. Most merges need none of it: nothing that one
side took away is so much as named in what the other changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from git_muse_coord.model.address import Key
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.source.merging.side import Side
from git_muse_coord.symbols.references import References

_CONSTRUCTORS = frozenset({"__init__", "__new__", "constructor", "<new>"})
_DEFAULT = "default"
"""Under this name a file is called that exports one thing, by whatever name the caller has for it."""


def nameable(
    taken: Collection[Key],
    taker: Side,
    user: Side,
) -> list[Key]:
    """Those of some symbols that the user's files may mean by one of their names, sorted."""
    user_files = user.code.references.values()
    taker_files = taker.code.references_before.values()
    spoken = _spoken(user_files)
    # What gives a symbol another name goes with the symbol, or is changed along with it.
    others = _other_names([*user_files, *taker_files])
    keys: list[Key] = []
    for key in sorted(taken):
        names = _names_of(key, others)
        is_named = not spoken.isdisjoint(names)
        if is_named or _is_constructor(key):
            keys.append(key)
    return keys


def names_in(files: Iterable[References], key: Key) -> set[str]:
    """By which names some files may speak of a symbol: a constructor by those of all classes below, too."""
    others = _other_names(files)
    names = _names_of(key, others)
    if _is_constructor(key):
        names |= _names_of(key[:-1], others)
    return names


def _is_constructor(key: Key) -> bool:
    """Whether a class is called to call this; of a class below it the name may say nothing of this one."""
    is_called_like_its_class = len(key) > 2 and key[-1] == key[-2]
    return is_called_like_its_class or key[-1] in _CONSTRUCTORS


def _names_of(key: Key, others: dict[str, set[str]]) -> set[str]:
    """By which names a symbol may go."""
    names = {key[-1]}
    waiting = [key[-1]]
    while waiting:
        for other in others.get(waiting.pop(), ()):
            if other not in names:
                names.add(other)
                waiting.append(other)
    return names


def _spoken(files: Iterable[References]) -> set[str]:
    """All names in what some files use and bind."""
    names = {_DEFAULT}
    for file in files:
        for reference in file.uses:
            names.update(reference.chain)
        for bound in _bound(file):
            names.update(bound)
    return names


def _other_names(files: Iterable[References]) -> dict[str, set[str]]:
    """Under which further names something goes, by the name that it has."""
    others: dict[str, set[str]] = defaultdict(set)
    for file in files:
        for name, last in _bound(file):
            if name != last:
                others[last].add(name)
    return others


def _bound(file: References) -> Iterator[tuple[str, str]]:
    """Each name of a file with the last step of what it stands for: what is bound, inherited, or given by a call."""
    for scope in file.scopes:
        own_name = scope.names[-1] if scope.names else ""
        for chain in scope.bases:
            if chain:
                yield own_name, chain[-1]
        for chain in scope.results:
            if chain:
                yield own_name, chain[-1]
        for name, meanings in scope.bindings.items():
            for meaning in meanings:
                if meaning.chain:
                    yield name, meaning.chain[-1]
