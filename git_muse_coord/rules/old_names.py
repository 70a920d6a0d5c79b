"""What things of the past are called today: paths and symbols, followed through renames that were seen at some time."""

from __future__ import annotations

from operator import itemgetter

from git_muse_coord.model.address import Key
from git_muse_coord.model.light_tools import defaultdict

_STEPS_MOST = 20
"""A thing that was renamed more often than this keeps the name that it had then."""


_NewNames = dict[int, Key]
"""What something was called then, by the time of the merge in which that was seen."""


class OldNames:
    """Renames by the name that was given up, each with the time of the merge in which it was seen."""

    def __init__(self) -> None:
        self._given_up: dict[Key, _NewNames] = defaultdict(dict)

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
            if step is None:
                return key
            time, new = step
            # A name that comes back was taken back.
            if new in seen:
                return key
            at = time
            key = new
            seen.add(key)
        return key

    def _next(self, key: Key, at: int) -> tuple[int, Key] | None:
        """The first rename since a time of what stands at a key, or around it."""
        renames: list[tuple[int, Key]] = []
        # From the narrowest on: a method that was moved out of its class goes with that rename.
        for length in range(len(key), 0, -1):
            container = key[:length]
            inside = key[length:]
            new_names = self._given_up.get(container)
            if new_names is None:
                continue
            for time, new in new_names.items():
                if time >= at:
                    renames.append((time, new + inside))
        # The first of those of one time is the narrowest.
        return min(renames, key=itemgetter(0), default=None)
