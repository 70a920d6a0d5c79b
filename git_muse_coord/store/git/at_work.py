"""Whether somebody's git is changing this repository just now, as its locks show."""

from __future__ import annotations

import os

_PRUNES = "gc.pid"
_MAINTENANCE = os.path.join("objects", "maintenance.lock")


def is_git_at_work(common_dir: str) -> bool:
    """Whether a lock of git's is there: of an index, of HEAD, of packed-refs, of the configuration, of a gc.

    A git of somebody's that then finds packed-refs locked by us gives up after a second.
    """
    if os.path.lexists(os.path.join(common_dir, _MAINTENANCE)):
        return True
    folders = [common_dir]
    private = os.path.join(common_dir, "worktrees")
    for name in _names(private):
        folders.append(os.path.join(private, name))
    for folder in folders:
        for name in _names(folder):
            if name.endswith(".lock") or name == _PRUNES:
                return True
    return False


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
