"""The module ``sqlite3``, without what it would load for its own sake.

What it adds to the compiled part, conversions of times, is not used here. That part in turn asks
``functools`` for a cache of the statements of a connection, and loading that, with ``collections``
behind it, takes as long as two processes of git. The cache itself is compiled, too, and can be had
without.
"""

from __future__ import annotations

import sys

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from typing import Any

__all__ = ["sqlite3"]

_ASKED = "functools"


def _load() -> Any:
    """Raises ImportError where Python is made in another way."""
    from _functools import _lru_cache_wrapper as remembering  # type: ignore[import-not-found]

    def lru_cache(maxsize: int) -> Callable[[Any], Any]:
        return lambda function: remembering(function, maxsize, False, tuple)

    stand_in: Any = type(sys)(_ASKED)
    stand_in.lru_cache = lru_cache
    # where there are other threads, which might ask for it, too, the original is loaded already
    is_loaded = sys.modules.setdefault(_ASKED, stand_in) is not stand_in
    try:
        import _sqlite3
    finally:
        if not is_loaded:
            del sys.modules[_ASKED]
    return _sqlite3


if not TYPE_CHECKING:
    try:
        sqlite3 = _load()
    except ImportError:
        import sqlite3
