"""Writing files where others may have theirs: new ones never over what is there, changed ones whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from git_muse_coord.model.errors import StoreFailed

EXECUTABLE = 0o755


def make(path: str, content: bytes, mode: int = EXECUTABLE) -> None:
    """Make a file, with its folders. Raises FileExistsError where there is something."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with open(descriptor, "wb") as file:
        file.write(content)


def write(path: str, content: bytes) -> None:
    """Give a file other bytes, whole or not at all, and leave its mode as it is."""
    if os.stat(path).st_nlink > 1:  # its other names are to see it, too
        with open(path, "wb") as file:
            file.write(content)
        return
    aside = f"{path}.muse-coord-new"
    with open(aside, "wb") as file:
        file.write(content)
    os.chmod(aside, stat.S_IMODE(os.stat(path).st_mode))
    os.replace(aside, path)


@contextmanager
def speaking() -> Iterator[None]:
    """Turn what the file system refuses into an error of ours."""
    try:
        yield
    except OSError as error:
        raise StoreFailed(f"cannot write {error.filename or 'the files'}: {error.strerror}") from None
