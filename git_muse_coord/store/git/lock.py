"""File locks of ours, for what must happen one at a time in a clone. Refs are guarded by git's own locks."""

from __future__ import annotations

import errno
import os
import sys
import time

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import contextmanager

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TURN_SECONDS = 0.02
"""Between two tries to get one's turn; of many who wait somebody tries much sooner."""


@contextmanager
def briefly_locked(path: str) -> Iterator[int | None]:
    """Hold a lock file for a moment. Yields its descriptor; None where another process has it, or none can be made."""
    with _opened(path) as descriptor:
        if descriptor is None:
            yield None
            return
        with _taken(descriptor, path) as got:
            yield descriptor if got else None


def text_in(descriptor: int, most: int) -> str:
    """What stands at the beginning of a lock file that is held, as ASCII. Raises ValueError."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    beginning = os.read(descriptor, most)
    return beginning.decode("ascii")


def put_text(descriptor: int, text: str) -> None:
    """Put a text in the place of what stands in a lock file that is held."""
    # nothing that does so in one step is there on every system
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, text.encode("ascii"))


@contextmanager
def in_turn(
    path: str,
    seconds: float,
    is_needless: Callable[[], bool] = lambda: False,
) -> Iterator[None]:
    """Let those who would be in each other's way go one by one; who has waited so long goes all the same.

    Nothing depends on it but how often they are late: where no lock can be made, all go at once.
    Who needs no turn any more goes at once, too.
    """
    give_up = time.monotonic() + seconds
    with _opened(path) as descriptor:
        while descriptor is not None:
            if time.monotonic() >= give_up or is_needless():
                break
            with _taken(descriptor, path) as got:
                if got:
                    yield
                    return
            time.sleep(_TURN_SECONDS)
        yield


@contextmanager
def _opened(path: str) -> Iterator[int | None]:
    """Open a lock file; None where none can be made."""
    try:
        descriptor = _open(path)
    except StoreFailed:
        yield None
        return
    try:
        yield descriptor
    finally:
        # which lets go of it
        os.close(descriptor)


@contextmanager
def locked(path: str, seconds: float) -> Iterator[bool]:
    """Hold a lock file. Yields False when it could not be had in time. Raises StoreFailed where none can be made."""
    give_up = time.monotonic() + seconds
    descriptor = _open(path)
    try:
        while True:
            with _taken(descriptor, path) as got:
                if got:
                    yield True
                    return
            if time.monotonic() >= give_up:
                break
            time.sleep(_TURN_SECONDS)
        yield False
    finally:
        os.close(descriptor)


def _open(path: str) -> int:
    folder = os.path.dirname(path)
    try:
        os.makedirs(folder, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise StoreFailed(
            f"cannot make {path}: {error.strerror}",
            "see whether git can write here",
        ) from error


@contextmanager
def _taken(descriptor: int, path: str) -> Iterator[bool]:
    """Take the lock of an open file, if nobody has it."""
    if sys.platform == "win32":
        with _taken_by_library(path) as got:
            yield got
        return
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno != errno.ENOSYS:
            yield False
            return
        with _taken_by_library(path) as got:
            yield got
        return
    yield True


@contextmanager
def _taken_by_library(path: str) -> Iterator[bool]:
    """The same on Windows, where a file that is locked could not be read either, and on odd file systems."""
    # loading it takes 70 ms
    import filelock

    lock = filelock.FileLock(f"{path}.lock", timeout=0)
    try:
        lock.acquire()
    except (filelock.Timeout, OSError):
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
