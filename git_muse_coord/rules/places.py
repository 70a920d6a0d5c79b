"""An index of things by the address at which they stand, to find those around, at and inside another address.

A question looks at the containers of its address and at what lies inside, never at all that is
indexed. Paths are folded in the index, so that every spelling finds what stands under the others.
"""

from __future__ import annotations

from git_muse_coord.model.address import around
from git_muse_coord.model.light import TYPE_CHECKING, Generic, TypeVar
from git_muse_coord.model.light_tools import cached_property, defaultdict
from git_muse_coord.model.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from git_muse_coord.model.address import Address, Key

T = TypeVar("T")
if TYPE_CHECKING:
    _Placed = tuple[Address, T]
    _AtKeys = dict[Key, list[tuple[Address, T]]]

_QUESTIONS_FEW = 3
"""So many questions about a file are answered from a look at all: what would tell at once takes longer to make."""


class Places(Generic[T]):
    """Things with their addresses, of which several may be equal."""

    def __init__(self, things: Iterable[_Placed[T]]) -> None:
        self._at: _AtKeys[T] = defaultdict(list)
        self._questions = 0
        self._covering: dict[str, tuple[str, list[_Placed[T]]]] = {}
        """By a path how it is folded, and what covers it. Kept, because thousands of things stand in one file."""
        for address, thing in things:
            key = address.folded.key
            placed = (address, thing)
            self._at[key].append(placed)

    @cached_property
    def _inside(self) -> _AtKeys[T]:
        """All that lies inside of a key, which not every question needs."""
        inside: _AtKeys[T] = defaultdict(list)
        for key, entries in self._at.items():
            *containers, _ = around(key)
            for container in containers:
                inside[container] += entries
        return inside

    def overlapping(self, asked: Address) -> Iterator[T]:
        """Everything that lies around an address or inside it, from the outside in."""
        key = asked.key
        for address, thing in self._along(key):
            if asked.overlaps(address):
                yield thing
        folded = _folded(key)
        for address, thing in self._lying_in(folded):
            if asked.overlaps(address):
                yield thing

    def _lying_in(self, key: Key) -> Iterable[_Placed[T]]:
        """All that lies inside of a key."""
        self._questions += 1
        depth = len(key)
        is_directory = depth == 1 and key[0].endswith("/")
        if is_directory or self._questions > _QUESTIONS_FEW:
            return self._inside.get(key, ())
        lying_in: list[_Placed[T]] = []
        for inner_key, entries in self._at.items():
            if len(inner_key) > depth and inner_key[:depth] == key:
                lying_in += entries
        return lying_in

    def around(self, asked: Address) -> Iterator[T]:
        """Everything that overlaps an address and is no narrower, from the outside in."""
        for address, thing in self._along(asked.key):
            if not address.overlaps(asked):
                continue
            # With signatures two addresses of one key can overlap with neither covering the other.
            is_narrower = asked.covers(address) and not address.covers(asked)
            if not is_narrower:
                yield thing

    def along(self, key: Key) -> list[T]:
        """Everything that covers something of a path and bare names, whatever its signature, from the outside in."""
        return [thing for _, thing in self._along(key)]

    def exactly(self, key: Key) -> Iterator[T]:
        """Everything at a path and bare names."""
        folded = _folded(key)
        for _, thing in self._at.get(folded, ()):
            yield thing

    def _along(self, key: Key) -> list[_Placed[T]]:
        path, *names = key
        folded, covering = self._around_file(path)
        if not names:
            return covering
        entries = list(covering)
        container: Key = (folded,)
        for name in names:
            container = (*container, name)
            # Not by at[...]: a defaultdict would keep an empty list for every miss.
            here = self._at.get(container)
            if here is not None:
                entries += here
        return entries

    def _around_file(self, path: str) -> tuple[str, list[_Placed[T]]]:
        """A path folded, and what covers it."""
        known = self._covering.get(path)
        if known is not None:
            return known
        entries: list[_Placed[T]] = []
        folded = fold(path)
        for container in around((folded,)):
            here = self._at.get(container)
            if here is not None:
                entries += here
        self._covering[path] = folded, entries
        return folded, entries


def _folded(key: Key) -> Key:
    path, *names = key
    return (fold(path), *names)
