"""Whether somebody's git is changing this repository just now, as its locks show."""

from __future__ import annotations

import os

from git_muse_coord.store.git.regular_file import names_in_folder

_PRUNES = "gc.pid"
_MAINTENANCE = os.path.join("objects", "maintenance.lock")


def is_git_at_work(common_dir: str) -> bool:
    """Whether a lock of git's is there: of an index, of HEAD, of packed-refs, of the configuration, of a gc.

    A git of somebody's that then finds packed-refs locked by us gives up after a second.
    """
    maintenance = os.path.join(common_dir, _MAINTENANCE)
    if os.path.lexists(maintenance):
        return True
    folders = [common_dir]
    private = os.path.join(common_dir, "worktrees")
    for name in names_in_folder(private):
        folder = os.path.join(private, name)
        folders.append(folder)
    for folder in folders:
        for name in names_in_folder(folder):
            if name.endswith(".lock") or name == _PRUNES:
                return True
    return False
