"""What of git's files of refs is so plain that it can be read without git."""

from __future__ import annotations

import os
import stat

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.store.git.regular_file import READ_FILE

if TYPE_CHECKING:
    from git_muse_coord.store.git.repository import Repository

READ_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
"""How a directory of refs is opened: git itself is asked where it is a link."""

_READ_MOST = 100
"""More bytes than any object id has."""

DIGITS = {"sha1": 40, "sha256": 64}
"""How many hex digits an object id has."""
_HEX = "0123456789abcdef"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_PLAIN = f"{_LETTERS}{_LETTERS.upper()}0123456789_-"
_STORAGE = b"\0extensions.refstorage\n"
_STORAGE_VARIABLE = "GIT_REFERENCE_BACKEND"
"""By this newer versions of git let somebody choose where refs are, over the configuration."""


class OddRef(Exception):
    """Something is there that git itself must read: a link, a symbolic or broken ref, an odd name."""


def refs_must_be_files(repository: Repository) -> os.stat_result:
    """What is known of the directory of refs. Raises OddRef where git keeps refs in another way than in files there."""
    if _STORAGE in repository.configuration or _STORAGE_VARIABLE in os.environ:
        raise OddRef(_STORAGE)
    folder = os.path.join(repository.common_dir, "refs")
    facts = os.lstat(folder)
    if not stat.S_ISDIR(facts.st_mode):
        raise OddRef(folder)
    return facts


def part_must_be_plain(part: str) -> None:
    """Raises OddRef for a part of the name of a ref that git may not take as it stands, on every file system."""
    if not part or part.startswith("-"):
        raise OddRef(part)
    if part.strip(_PLAIN):
        raise OddRef(part)


def object_id(text: str, digits: int) -> str:
    """The object id of so many hex digits that a ref names. Raises OddRef."""
    is_hex = not text.strip(_HEX)
    if len(text) != digits or not is_hex:
        raise OddRef(text)
    # git takes the id of zeros for a broken ref
    if not text.strip("0"):
        raise OddRef(text)
    return text


def read_ref(
    path: str,
    digits: int,
    folder: int | None = None,
) -> str | None:
    """The object id in the file of a ref, of an open directory; None where there is no file (any more).

    Raises OddRef and OSError.
    """
    try:
        descriptor = os.open(path, READ_FILE, dir_fd=folder)
    except FileNotFoundError:
        return None
    try:
        content = os.read(descriptor, _READ_MOST)
    finally:
        os.close(descriptor)
    text = content.decode("ascii", "replace")
    oid = text.removesuffix("\n")
    if oid == text:
        raise OddRef(path)
    return object_id(oid, digits)
