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

FurtherNames = dict[str, set[str]]
"""Under which further names something goes, by the name that it has."""


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
    further = _further_names([*user_files, *taker_files])
    keys: list[Key] = []
    for key in sorted(taken):
        names = _names_of(key, further)
        is_named = not spoken.isdisjoint(names)
        if is_named or _is_constructor(key):
            keys.append(key)
    return keys


def names_in(files: Iterable[References], key: Key) -> set[str]:
    """By which names some files may speak of a symbol: a constructor by those of all classes below, too."""
    further = _further_names(files)
    names = _names_of(key, further)
    if _is_constructor(key):
        class_key = key[:-1]
        names |= _names_of(class_key, further)
    return names


def _is_constructor(key: Key) -> bool:
    """Whether a class is called to call this; of a class below it the name may say nothing of this one."""
    name = key[-1]
    if name in _CONSTRUCTORS:
        return True
    # As in Java.
    is_member = len(key) > 2
    return is_member and name == key[-2]


def _names_of(key: Key, further: FurtherNames) -> set[str]:
    """By which names a symbol may go."""
    own_name = key[-1]
    names = {own_name}
    waiting = [own_name]
    while waiting:
        name = waiting.pop()
        for further_name in further.get(name, ()):
            if further_name not in names:
                names.add(further_name)
                waiting.append(further_name)
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


def _further_names(files: Iterable[References]) -> FurtherNames:
    further: FurtherNames = defaultdict(set)
    for file in files:
        for name, last in _bound(file):
            if name != last:
                further[last].add(name)
    return further


def _bound(file: References) -> Iterator[tuple[str, str]]:
    """Each name of a file with the last step of what it stands for: what is bound, inherited, or given by a call."""
    for scope in file.scopes:
        own_name = ""
        if scope.names:
            own_name = scope.names[-1]
        # What a class inherits is spoken of by the name of the class, what a function gives by the function's.
        for chain in (*scope.bases, *scope.results):
            if chain:
                yield own_name, chain[-1]
        for name, meanings in scope.bindings.items():
            for meaning in meanings:
                chain = meaning.chain
                if chain:
                    last_step = chain[-1]
                    yield name, last_step
