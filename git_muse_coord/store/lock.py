"""File locks of ours, for what must happen one at a time in a clone. Refs are guarded by git's own locks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def locked(path: str, seconds: float) -> Iterator[bool]:
    """Hold a lock file. Yields False when it could not be had in time."""
    import filelock

    os.makedirs(os.path.dirname(path), exist_ok=True)
    lock = filelock.FileLock(path, timeout=seconds)
    try:
        lock.acquire()
    except filelock.Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
