"""Reading files and folders, be they what they may, without ever waiting for them."""

from __future__ import annotations

import os
import stat

READ_FILE = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""How to open what may be no file by then: not through a link, and without waiting for who would write into a pipe."""


def read_regular(
    path: str,
    most: int | None = None,
    *,
    follows_link: bool = False,
) -> bytes | None:
    """The bytes of a regular file; None for anything else, and for more than ``most`` bytes.

    A link may lead out of the tree, so it is followed only where the caller means what it leads to.
    """
    # one byte more tells that there are too many; -1 means all
    asked = -1 if most is None else most + 1
    try:
        facts = os.stat(path) if follows_link else os.lstat(path)
        # Asked before it is opened: a named pipe would let us wait for ever.
        if not stat.S_ISREG(facts.st_mode):
            return None
        with open(path, "rb") as file:
            data = file.read(asked)
    except (OSError, ValueError):
        return None
    if most is not None and len(data) > most:
        return None
    return data


def read_beginning(path: str, size: int) -> bytes | None:
    """The first bytes of a regular file, as many as there are; None for anything else."""
    try:
        facts = os.lstat(path)
        if not stat.S_ISREG(facts.st_mode):
            return None
        with open(path, "rb", buffering=0) as file:
            return file.read(size)
    except OSError:
        return None


def names_in_folder(folder: str) -> list[str]:
    """The names in a folder; none where it is gone, or is no folder, or may not be read."""
    try:
        return os.listdir(folder)
    except OSError:
        return []
