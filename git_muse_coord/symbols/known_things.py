"""What names were found to lead to, so that each is looked for once, and what leads to itself comes to an end."""

from __future__ import annotations

from collections.abc import Callable

from git_muse_coord.symbols.things import NOTHING, Things

_MAX_DEPTH = 40
"""After at most so many steps from name to name nothing is known: each is a few calls on Python's stack."""


class KnownThings:
    """What was asked so far."""

    def __init__(self) -> None:
        self._known: dict[object, Things] = {}
        self._depth = 0

    def once(
        self,
        key: object,
        find: Callable[[], Things],
        meanwhile: Things = NOTHING,
    ) -> Things:
        """What was found before, or is found now; what leads to itself leads to what counts meanwhile."""
        # a name can lead back to itself, as in `a = b` and `b = a`
        known = self._known.get(key)
        if known is None:
            if self._depth > _MAX_DEPTH:
                return NOTHING
            self._known[key] = meanwhile
            self._depth += 1
            known = self._known[key] = find()
            self._depth -= 1
        return known

    def clear(self) -> None:
        """Forget all of it."""
        self._known.clear()
