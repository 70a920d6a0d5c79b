"""File locks of ours, for what must happen one at a time in a clone. Refs are guarded by git's own locks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from git_muse_coord.model.errors import StoreFailed


@contextmanager
def locked(path: str, seconds: float) -> Iterator[bool]:
    """Hold a lock file. Yields False when it could not be had in time. Raises StoreFailed where none can be made."""
    import filelock

    lock = filelock.FileLock(path, timeout=seconds)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        lock.acquire()
    except filelock.Timeout:
        yield False
        return
    except OSError as error:
        raise StoreFailed(
            f"cannot make {path}: {error.strerror}", "see whether git can write here"
        ) from error
    try:
        yield True
    finally:
        lock.release()
