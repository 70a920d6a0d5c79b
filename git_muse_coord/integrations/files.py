"""Writing files where others may have theirs: new ones never over what is there, changed ones whole or not at all.

What is written lies beside its place first, and on the disk, so that a full disk or a power failure
breaks nothing.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from git_muse_coord.model.errors import BadInput, StoreFailed

EXECUTABLE = 0o755

_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
"""As it is: on Windows line ends would become others, and a script of the shell with those does not run."""


def make(
    path: str,
    content: bytes,
    mode: int = EXECUTABLE,
) -> None:
    """Make a file, with its folders. Raises FileExistsError where there is something, and OSError; nothing is left."""
    folders = _make_folders(os.path.dirname(path))
    try:
        with _beside(path, content, mode) as aside:
            _place(aside, path)
    except BaseException:
        for folder in reversed(folders):
            with contextlib.suppress(OSError):
                os.rmdir(folder)
        raise


def write(path: str, content: bytes) -> None:
    """Give a file other bytes, whole or not at all, and leave its mode as it is. Raises OSError."""
    facts = os.stat(path)
    mode = stat.S_IMODE(facts.st_mode)
    with _beside(path, content, mode) as aside:
        os.chmod(aside, mode)  # whatever the umask is
        if facts.st_nlink > 1:  # its other names are to see it, too
            _overwrite(path, content)
        else:
            os.replace(aside, path)


def content_of(path: str) -> bytes | None:
    """What is in a file; None where there is none. Raises OSError."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None


def change_file(path: str, content: bytes) -> None:
    """Give a user's file other bytes, behind a link, too. Raises OSError; StoreFailed where it is read-only."""
    target = os.path.realpath(path)
    # To replace a file asks for no right to write it, and who is root has every right.
    if not os.stat(target).st_mode & 0o222:
        raise StoreFailed(f"{path} is read-only, and left as it is")
    write(target, content)


def keep_and_replace(
    path: str,
    kept: str,
    content: bytes,
) -> None:
    """Give what lies at a path another name, and put a new program there. Raises OSError; then nothing has changed."""
    with _beside(path, content, EXECUTABLE) as aside:
        os.rename(path, kept)
        try:
            _place(aside, path)
        except BaseException:
            os.rename(kept, path)
            raise


def put_back(kept: str, path: str) -> None:
    """Give what was kept its name again, instead of the file that has it. Raises OSError."""
    if os.path.isdir(kept) and not os.path.islink(kept):
        os.unlink(path)  # a folder does not take the place of a file
    os.replace(kept, path)


@contextmanager
def speaking() -> Iterator[None]:
    """Turn what the file system refuses into an error of ours."""
    try:
        yield
    except OSError as error:
        raise StoreFailed(complaint(error)) from None


def complaint(error: OSError) -> str:
    """What the file system refused."""
    return f"cannot write {error.filename or 'the files'}: {error.strerror}"


@contextmanager
def _beside(
    path: str,
    content: bytes,
    mode: int,
) -> Iterator[str]:
    """A file beside another, with its bytes on the disk; it is gone afterwards, unless it was renamed."""
    aside = f"{path}.muse-coord-new"
    try:
        with open(os.open(aside, _NEW, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield aside
    except OSError as error:
        error.filename = error.filename or path
        raise
    finally:
        with contextlib.suppress(OSError):
            os.unlink(aside)


def _place(aside: str, path: str) -> None:
    """Give a file its name, unless somebody has it. Raises FileExistsError."""
    try:
        os.link(aside, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path) from None
        os.rename(aside, path)


def _overwrite(path: str, content: bytes) -> None:
    """Write into a file itself, once it has room for all."""
    with open(path, "r+b") as file:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, len(content))
        file.write(content)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def _make_folders(folder: str) -> list[str]:
    """Make a folder with those around it; the new ones, outermost first."""
    missing: list[str] = []
    while folder and not os.path.isdir(folder):
        missing.insert(0, folder)
        folder = os.path.dirname(folder)
    for path in missing:
        # Somebody else may make the same one at the same time.
        os.makedirs(path, exist_ok=True)
    return missing


def left_as_it_is(
    path: str,
    reason: str,
    result: object = None,
) -> BadInput:
    """The failure to change a file of somebody's with certainty; ``result`` is what was done all the same."""
    return BadInput(
        f"{path} is left as it is: {reason}",
        "change it by hand, or mend it and try again",
        result,
    )
