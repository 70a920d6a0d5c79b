"""A mapping that never changes, and of which a changed one is made without a copy of all that is in it."""

from __future__ import annotations

from collections.abc import Mapping

from git_muse_coord.model.light import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import (
        Collection,
        ItemsView,
        Iterator,
        KeysView,
        ValuesView,
    )

K = TypeVar("K")
V = TypeVar("V")

_CHANGES_MOST = 200
"""With more changes than this upon the large mapping below, both are made one."""


class Layered(Mapping[K, V]):
    """A large mapping that others share, and the few changes upon it. No value is None."""

    def __init__(
        self,
        base: Mapping[K, V],
        over: Mapping[K, V],
        gone: Collection[K],
        count: int,
    ) -> None:
        self._base = base
        self._over = over
        self._gone = gone
        self._count = count
        self._whole: Mapping[K, V] | None = None

    @classmethod
    def of(cls, base: Mapping[K, V]) -> Layered[K, V]:
        """All of a mapping, which must not be changed any more."""
        return cls(base, {}, (), len(base))

    def changed(self, put: Mapping[K, V], gone: Collection[K]) -> Layered[K, V]:
        """The same with some more, or other, values, and without some keys."""
        over = dict(self._over)
        without = set(self._gone)
        count = self._count
        for key in gone:
            if key in self:
                count -= 1
            over.pop(key, None)
            without.add(key)
        for key, value in put.items():
            is_in_base = key not in without and key in self._base
            if key not in over and not is_in_base:
                count += 1
            over[key] = value
            without.discard(key)
        changed = Layered(self._base, over, without, count)
        change_count = len(over) + len(without)
        if change_count <= _CHANGES_MOST:
            return changed
        return Layered.of(changed.whole)

    @property
    def whole(self) -> Mapping[K, V]:
        """All of it as one mapping; made when it is first asked for."""
        if self._whole is None:
            whole = dict(self._base)
            for key in self._gone:
                whole.pop(key, None)
            whole.update(self._over)
            self._whole = whole
        return self._whole

    def __getitem__(self, key: K) -> V:
        value = self._over.get(key)
        if value is not None:
            return value
        if key in self._gone:
            raise KeyError(key)
        return self._base[key]

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[K]:
        return iter(self.whole)

    def keys(self) -> KeysView[K]:
        """All keys, as fast as those of a dict."""
        return self.whole.keys()

    def values(self) -> ValuesView[V]:
        """All values."""
        return self.whole.values()

    def items(self) -> ItemsView[K, V]:
        """All pairs."""
        return self.whole.items()
