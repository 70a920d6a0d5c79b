"""Directories that are gone afterwards, also those of a process that was killed."""

from __future__ import annotations

import os
import sys
import time

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import suppress

if TYPE_CHECKING:
    from collections.abc import Iterator

_TRIES = 40
_PAUSE = 0.05
_LEFT_BEHIND = 86_400
"""So many seconds after its last change a directory belongs to nobody any more."""
_HELD = ".held"
"""The file in a directory that its process has locked: the system lets go of it, however that ends."""

_held: dict[str, int] = {}
"""The descriptors by which this process holds its directories."""


def make_folder(purpose: str) -> str:
    """A new directory for a purpose, which nobody else can enter. Raises StoreFailed."""
    import tempfile  # with what it loads, not at the top: many a command could make one, few do

    prefix = f"muse-coord-{purpose}-"
    try:
        _sweep(prefix)
        home = tempfile.mkdtemp(prefix=prefix)
    except OSError as error:
        raise StoreFailed(
            f"cannot make a temporary directory: {error}", "set TMPDIR to a writable one"
        ) from None
    _hold(home)
    return home


def remove(home: str) -> None:
    """Remove a directory in which a process that we interrupted may still be writing its last files."""
    import shutil

    for _ in range(_TRIES):
        shutil.rmtree(home, ignore_errors=True)
        if not os.path.lexists(home):
            break
        time.sleep(_PAUSE)
    _let_go(home)


def keep(home: str) -> None:
    """Leave a directory to whoever asked for it: nobody holds it any more, and for a day nobody removes it."""
    place = os.path.join(home, _HELD)
    with suppress(OSError):
        os.unlink(place)
    _let_go(home)


def _hold(home: str) -> None:
    """Lock a directory for as long as this process lives; where that cannot be done, its age must tell."""
    # not os.O_EXLOCK and the like: a lock of this kind ends with the process on every system
    with suppress(OSError, ImportError):
        place = os.path.join(home, _HELD)
        aside = f"{place}.new"
        descriptor = os.open(aside, os.O_RDWR | os.O_CREAT, 0o600)
        _held[home] = descriptor
        _lock(descriptor)
        # Under its name it is locked from the first moment, so that nobody sees it unlocked and alive.
        os.rename(aside, place)


def _let_go(home: str) -> None:
    descriptor = _held.pop(home, None)
    if descriptor is not None:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    """Lock an open file. Raises OSError where another process has it, and ImportError on Windows."""
    if sys.platform == "win32":
        raise ImportError("fcntl")
    import fcntl

    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _sweep(prefix: str) -> None:
    """Remove what our processes have left that were killed: nobody else does, in many a place for temporary files."""
    import shutil

    now = time.time()
    for path, changed in _own_folders(prefix):
        # a process in another container may be at work in the same place: its number says nothing here
        if now - changed > _LEFT_BEHIND or _is_let_go(path):
            shutil.rmtree(path, ignore_errors=True)


def _own_folders(prefix: str) -> Iterator[tuple[str, float]]:
    """The directories of ours for a purpose, and when each was changed last."""
    import tempfile

    place = tempfile.gettempdir()
    with os.scandir(place) as entries:
        for entry in entries:
            if not entry.name.startswith(prefix):
                continue
            if not entry.is_dir(follow_symlinks=False):
                continue
            with suppress(OSError):
                facts = entry.stat(follow_symlinks=False)
                if _is_ours(facts):
                    yield entry.path, facts.st_mtime


def _is_ours(facts: os.stat_result) -> bool:
    """Whether a directory is of this user. On Windows each user has another place for temporary files."""
    return sys.platform == "win32" or facts.st_uid == os.geteuid()


def _is_let_go(home: str) -> bool:
    """Whether somebody held a directory who is no longer there."""
    place = os.path.join(home, _HELD)
    try:
        descriptor = os.open(place, os.O_RDWR)
    except OSError:
        # it is kept, or of a version that held none
        return False
    try:
        _lock(descriptor)
    except (OSError, ImportError):
        return False
    finally:
        os.close(descriptor)
    return True
