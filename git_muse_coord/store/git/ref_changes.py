"""Waiting until the refs change, or a time is over.

With the package watchfiles the system tells of a change at once. Without it whoever waits looks at
the end of the time, which costs a few looks at directories. Nobody may rely on being woken: not
every file system tells, and what is packed is told by none.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from git_muse_coord.store.git.repository import Repository

_GATHER_MS = 50
"""What changes within so short a time is one change: a command writes several refs."""


class RefChanges:
    """What wakes whoever waits for a change; ``closed`` wakes him for good."""

    def __init__(
        self,
        repository: Repository,
        closed: threading.Event,
        longest: float,
    ) -> None:
        self._closed = closed
        self._turn = threading.Lock()
        folder = os.path.join(repository.common_dir, "refs")
        self._wakes = _wakes(folder, closed, longest)

    def wait(self, seconds: float) -> None:
        """Return when something may have changed, at the latest after so long, or as long as one wait lasts."""
        # of several threads one is woken, and tells the others by what it finds
        has_turn = self._wakes is not None and self._turn.acquire(blocking=False)
        if self._wakes is None or not has_turn:
            self._closed.wait(seconds)
            return
        try:
            next(self._wakes, None)
        except OSError:
            # the directory went away, or the system tells no more
            self._wakes = None
        finally:
            self._turn.release()


def _wakes(
    folder: str,
    closed: threading.Event,
    longest: float,
) -> Iterator[object] | None:
    """What yields at each change and after each time without one; None where nothing here can tell."""
    try:
        import watchfiles
    except ImportError:
        return None
    wakes: Iterator[object] = watchfiles.watch(
        folder,
        # the usual filter passes over all that is in a directory of git's
        watch_filter=None,
        debounce=_GATHER_MS,
        step=_GATHER_MS,
        stop_event=closed,
        rust_timeout=int(longest * 1000),
        yield_on_timeout=True,
    )
    return wakes
