"""File locks of ours, for what must happen one at a time in a clone. Refs are guarded by git's own locks."""

from __future__ import annotations

import os
from contextlib import contextmanager

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def briefly_locked(path: str) -> Iterator[int | None]:
    """Hold a lock file for a moment. Yields its descriptor; None where another process has it, or none can be made.

    For what costs little itself: to load what waits for locks takes 70 ms.
    """
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError:
        yield None
        return
    try:
        with _taken(descriptor, path) as got:
            yield descriptor if got else None
    finally:
        # which lets go of it
        os.close(descriptor)


@contextmanager
def _taken(descriptor: int, path: str) -> Iterator[bool]:
    """Take the lock of an open file, if nobody has it."""
    try:
        import fcntl
    except ImportError:
        # Windows, where a file that is locked so could not be read either
        with locked(f"{path}.lock", 0) as got:
            yield got
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        yield False
        return
    yield True


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
