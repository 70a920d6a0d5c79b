"""Writing a blob into its own file, and reading one from there that was written just now.

Git gives an object a file of its own at first, and its form never changed; to have git write it
costs a process, and to read it two.
"""

from __future__ import annotations

import os
import zlib

from git_muse_coord.model.light_tools import suppress

_HEADER_MOST = 32
"""``blob``, a space, the size in digits and a null byte."""

_FAST = 1
"""How hard git tries to make such a file small: what lasts is packed anew."""

_TRIES = 5
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_RIGHTS = 0o444
"""Nobody changes an object; the umask takes from these rights, as it does from git's."""


def blob_header(blob: bytes) -> bytes:
    """What git puts before the bytes of a blob, in its file and in its hash."""
    return b"blob %d\0" % len(blob)


def write_loose(
    objects: str,
    oid: str,
    blob: bytes,
) -> None:
    """Write a blob durably into a directory of objects. Raises OSError.

    As git does, only what is in the file is flushed here: its name is by the time that the ref to
    it is flushed, because file systems keep to that order.
    """
    folder = f"{objects}/{oid[:2]}"
    whole = blob_header(blob) + blob
    packed = zlib.compress(whole, _FAST)
    for _ in range(_TRIES):
        with suppress(FileExistsError):
            os.mkdir(folder)
        # a gc may take away the directory, which is still empty
        with suppress(FileNotFoundError):
            _write_whole(folder, oid[2:], packed)
            return
    raise FileNotFoundError(folder)


def _write_whole(
    folder: str,
    name: str,
    content: bytes,
) -> None:
    """Let the file have all of its content as soon as it has its name."""
    # what is called so, and is left behind, git removes
    unfinished = f"{folder}/tmp_obj_{os.urandom(8).hex()}"  # noqa: S108 - in no directory of everybody's
    descriptor = os.open(unfinished, _NEW, _RIGHTS)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        os.rename(unfinished, f"{folder}/{name}")
    except BaseException:
        with suppress(OSError):
            os.unlink(unfinished)
        raise


def read_loose(
    common_dir: str,
    oid: str,
    limit: int,
) -> bytes | None:
    """The bytes of a blob of at most ``limit``; None where it has no file, or that is not one of such a blob.

    Whoever asks compares the hash: the file may be damaged.
    """
    path = f"{common_dir}/objects/{oid[:2]}/{oid[2:]}"
    most = limit + _HEADER_MOST
    try:
        with open(path, "rb") as file:
            packed = file.read(most)
        unpacking = zlib.decompressobj()
        whole = unpacking.decompress(packed, most)
    except (OSError, zlib.error):
        return None
    header, _, blob = whole.partition(b"\0")
    if header != b"blob %d" % len(blob):
        return None
    return blob
