"""Reading what lies in the working tree without ever waiting for it."""

from __future__ import annotations

import os
import stat


def read_regular(
    path: str,
    most: int | None = None,
    *,
    follows_link: bool = False,
) -> bytes | None:
    """The bytes of a regular file; None for anything else, and for more than ``most`` bytes.

    A link may lead out of the tree, so it is followed only where the caller means what it leads to.
    """
    try:
        status = os.stat(path) if follows_link else os.lstat(path)
        # Asked before it is opened: a named pipe would let us wait for ever.
        if not stat.S_ISREG(status.st_mode):
            return None
        with open(path, "rb") as file:
            data = file.read(-1 if most is None else most + 1)
    except (OSError, ValueError):
        return None
    return None if most is not None and len(data) > most else data


def read_beginning(path: str, size: int) -> bytes | None:
    """The first bytes of a regular file, as many as there are; None for anything else."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return None
        with open(path, "rb", buffering=0) as file:
            return file.read(size)
    except OSError:
        return None
