"""An index of things by the address at which they stand, to find those around, at and inside another address.

A question looks at the containers of its address and at what lies inside, never at all that is
indexed. Paths are folded in the index, so that every spelling finds what stands under the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Generic, TypeVar

from git_muse_coord.model.address import Address, Key, around
from git_muse_coord.model.spelling import fold

T = TypeVar("T")


class Places(Generic[T]):
    """Things with their addresses, of which several may be equal."""

    def __init__(self, things: Iterable[tuple[Address, T]]) -> None:
        self._at: dict[Key, list[tuple[Address, T]]] = defaultdict(list)
        for place, thing in things:
            self._at[place.folded.key].append((place, thing))

    @cached_property
    def _inside(self) -> dict[Key, list[tuple[Address, T]]]:
        inside: dict[Key, list[tuple[Address, T]]] = defaultdict(list)
        for key, some in self._at.items():
            *containers, _ = around(key)
            for container in containers:
                inside[container] += some
        return inside

    def overlapping(self, asked: Address) -> Iterator[T]:
        """Everything that lies around an address or inside it, from the outside in."""
        key = asked.folded.key
        for some in (self._along(key), self._inside.get(key, ())):
            yield from (thing for place, thing in some if asked.overlaps(place))

    def around(self, asked: Address) -> Iterator[T]:
        """Everything that overlaps an address and is no narrower, from the outside in."""
        return (
            thing
            for place, thing in self._along(asked.folded.key)
            if place.overlaps(asked) and (place.covers(asked) or not asked.covers(place))
        )

    def along(self, key: Key) -> Iterator[T]:
        """Everything that covers something of a path and bare names, whatever its signature, from the outside in."""
        return (thing for _, thing in self._along(_folded(key)))

    def exactly(self, key: Key) -> Iterator[T]:
        """Everything at a path and bare names."""
        return (thing for _, thing in self._at.get(_folded(key), ()))

    def _along(self, key: Key) -> Iterator[tuple[Address, T]]:
        at = self._at
        for one in around(key):
            if one in at:
                yield from at[one]


def _folded(key: Key) -> Key:
    return (fold(key[0]), *key[1:])
