"""Whether a file or directory is still as it was, told by the times that its file system gives it.

A file system's clock goes in ticks, of up to 10 ms. What is changed twice in one tick looks the
same after the second change as after the first. So, as in git's index, what was changed shortly
before it was read is not believed to be unchanged, and is read again the next time.
"""

from __future__ import annotations

import os

from git_muse_coord.store.git.plain_refs import OddRef

Stamp = tuple[int, int, int, int, int]
"""Device, inode, size, and the times of the last change of the content and of anything at all."""

_TICK_NS = 20_000_000
_SECOND_NS = 1_000_000_000


def stamp_of(facts: os.stat_result) -> Stamp:
    """What tells a change, of a file or directory that was looked at."""
    return (
        facts.st_dev,
        facts.st_ino,
        facts.st_size,
        facts.st_mtime_ns,
        facts.st_ctime_ns,
    )


def settled(stamp: Stamp, now: int) -> Stamp | None:
    """The stamp, where any later change will differ from it; else None. ``now`` is from before it was taken."""
    # the last time cannot be set by hand, so it is what the clock said at the last change
    changed_at = stamp[-1]
    return stamp if changed_at < now - _TICK_NS else None


class FileClock:
    """The clock of the file system on a ``device``, read by touching a directory of ours there.

    The clock of the process is another one: it may be ahead by a tick, or be a wrong one altogether.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.device: int | None = None

    def now(self) -> int:
        """The time, in nanoseconds, that a change would get now.

        Raises OddRef where it cannot be told, and OSError where nothing may be written, or
        nothing of ours is there yet.
        """
        os.utime(self._folder)
        facts = os.stat(self._folder)
        now = facts.st_ctime_ns
        if facts.st_dev != self.device:
            raise OddRef(self._folder)
        # old file systems know no parts of a second
        if now % _SECOND_NS == 0:
            raise OddRef(self._folder)
        return now
