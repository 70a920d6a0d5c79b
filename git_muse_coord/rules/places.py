"""An index of things by the address at which they stand, to find those around, at and inside another address.

A question looks at the containers of its address and at what lies inside, never at all that is indexed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Generic, TypeVar

from git_muse_coord.model.address import Address, Key, around

T = TypeVar("T")


class Places(Generic[T]):
    """Things with their addresses, of which several may be equal."""

    def __init__(self, things: Iterable[tuple[Address, T]]) -> None:
        self._at: dict[Key, list[tuple[Address, T]]] = defaultdict(list)
        for place, thing in things:
            self._at[place.key].append((place, thing))

    @cached_property
    def _inside(self) -> dict[Key, list[tuple[Address, T]]]:
        inside: dict[Key, list[tuple[Address, T]]] = defaultdict(list)
        for some in self._at.values():
            for place, thing in some:
                for container in place.containers():
                    inside[container].append((place, thing))
        return inside

    def overlapping(self, asked: Address) -> Iterator[T]:
        """Everything that lies around an address or inside it, from the outside in."""
        for some in (self._along(asked.key), self._inside.get(asked.key, ())):
            yield from (thing for place, thing in some if asked.overlaps(place))

    def around(self, asked: Address) -> Iterator[T]:
        """Everything that overlaps an address and is no narrower, from the outside in."""
        return (
            thing
            for place, thing in self._along(asked.key)
            if place.overlaps(asked) and (place.covers(asked) or not asked.covers(place))
        )

    def along(self, key: Key) -> Iterator[T]:
        """Everything that covers something of a path and bare names, whatever its signature, from the outside in."""
        return (thing for _, thing in self._along(key))

    def exactly(self, key: Key) -> Iterator[T]:
        """Everything at a path and bare names."""
        return (thing for _, thing in self._at.get(key, ()))

    def _along(self, key: Key) -> Iterator[tuple[Address, T]]:
        at = self._at
        for one in around(key):
            if one in at:
                yield from at[one]
