"""Directories that are gone afterwards."""

from __future__ import annotations

import os
import time

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.light_tools import suppress

_TRIES = 40
_PAUSE = 0.05
_LEFT_BEHIND = 86_400
"""So many seconds after its last change a directory belongs to nobody any more."""


def make_folder(purpose: str) -> str:
    """A new directory for a purpose. Raises StoreFailed."""
    import tempfile  # with what it loads, not at the top: many a command could make one, few do

    prefix = f"muse-coord-{purpose}-"
    try:
        _sweep(prefix)
        return tempfile.mkdtemp(prefix=prefix)
    except OSError as error:
        raise StoreFailed(
            f"cannot make a temporary directory: {error}", "set TMPDIR to a writable one"
        ) from None


def remove(home: str) -> None:
    """Remove a directory in which a process that we interrupted may still be writing its last files."""
    import shutil

    for _ in range(_TRIES):
        shutil.rmtree(home, ignore_errors=True)
        if not os.path.lexists(home):
            return
        time.sleep(_PAUSE)


def _sweep(prefix: str) -> None:
    """Remove what our processes have left that were killed: nobody else does, in many a place for temporary files."""
    import shutil
    import tempfile

    before = time.time() - _LEFT_BEHIND
    with os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(prefix) and entry.is_dir(follow_symlinks=False):
                with suppress(OSError):
                    facts = entry.stat(follow_symlinks=False)
                    if facts.st_mtime < before and facts.st_uid == os.geteuid():
                        shutil.rmtree(entry.path, ignore_errors=True)
