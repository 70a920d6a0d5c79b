"""On which kind of file system a directory is, as Linux tells it."""

from __future__ import annotations

import os

_LOCAL = {
    "bcachefs",
    "btrfs",
    "ext2",
    "ext3",
    "ext4",
    "f2fs",
    "overlay",
    "tmpfs",
    "xfs",
    "zfs",
}
"""Those of which it is known that a change shows in the times of a directory at once.

On a network's another machine's change may show late, and what is no disk may show none at all.
"""


_READING = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)


def is_on_local_disk(folder: str) -> bool:
    """Whether a directory is on a disk of this machine; False also where that cannot be told."""
    try:
        return _file_system(folder) in _LOCAL
    except (OSError, ValueError):
        return False


def _file_system(folder: str) -> str | None:
    """The kind of the mount that an open directory says it is on: paths and devices can be ambiguous."""
    descriptor = os.open(folder, _READING)
    try:
        told = _text(f"/proc/self/fdinfo/{descriptor}")
    finally:
        os.close(descriptor)
    _, _, after = told.partition("mnt_id:")
    mount = after.split()[0]
    mounts = _text("/proc/self/mountinfo")
    for row in mounts.splitlines():
        number, _, _ = row.partition(" ")
        if number == mount:
            # the middle of a row has as many columns as the mount has options
            _, _, end_of_row = row.partition(" - ")
            kind, _, _ = end_of_row.partition(" ")
            return kind
    return None


def _text(path: str) -> str:
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        return file.read()
