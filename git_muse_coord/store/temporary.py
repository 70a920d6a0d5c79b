"""Directories that are gone afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
import time

from git_muse_coord.model.errors import StoreFailed

_TRIES = 40
_PAUSE = 0.05


def make(purpose: str) -> str:
    """A new directory for a purpose. Raises StoreFailed."""
    try:
        return tempfile.mkdtemp(prefix=f"muse-coord-{purpose}-")
    except OSError as error:
        raise StoreFailed(f"cannot make a temporary directory: {error}", "set TMPDIR to a writable one") from None


def remove(home: str) -> None:
    """Remove a directory in which a process that we interrupted may still be writing its last files."""
    for _ in range(_TRIES):
        shutil.rmtree(home, ignore_errors=True)
        if not os.path.lexists(home):
            return
        time.sleep(_PAUSE)
