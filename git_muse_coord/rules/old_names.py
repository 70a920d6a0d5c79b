"""What things of the past are called today: paths and symbols, followed through renames that were seen at some time."""

from __future__ import annotations

from git_muse_coord.model.address import Key
from git_muse_coord.model.light_tools import defaultdict

_STEPS_MOST = 20
"""A thing that was renamed more often than this keeps the name that it had then."""


class OldNames:
    """Renames by the name that was given up, each with the time of the merge in which it was seen."""

    def __init__(self) -> None:
        self._given_up: dict[Key, dict[int, Key]] = defaultdict(dict)

    def note(
        self,
        old: Key,
        new: Key,
        at: int,
    ) -> bool:
        """Remember a rename. False: it was known."""
        renames = self._given_up[old]
        if renames.get(at) == new:
            return False
        renames[at] = new
        return True

    def today(self, key: Key, at: int) -> Key:
        """What is called today what stood at a key at a time: what contains it may have been renamed, too."""
        seen = {key}
        for _ in range(_STEPS_MOST):
            step = self._next(key, at)
            # A name that comes back was taken back.
            if step is None or step[1] in seen:
                return key
            at, key = step
            seen.add(key)
        return key

    def _next(self, key: Key, at: int) -> tuple[int, Key] | None:
        """The first rename since a time of what stands at a key, or around it."""
        first: tuple[int, Key] | None = None
        # From the narrowest on: a method that was moved out of its class goes with that rename.
        for length in range(len(key), 0, -1):
            for time, new in self._given_up.get(key[:length], {}).items():
                if time >= at and (first is None or time < first[0]):
                    first = (time, (*new, *key[length:]))
        return first
