"""Reading a blob from its own file, for those who want one that was written just now.

Git gives an object a file of its own at first, and its form never changed; to ask git for it costs
two processes.
"""

from __future__ import annotations

import os
import zlib

_HEADER_MOST = 32
"""``blob``, a space, the size in digits and a null byte."""


def read_loose(
    common_dir: str,
    oid: str,
    limit: int,
) -> bytes | None:
    """The bytes of a blob of at most ``limit``; None where it has no file, or that is not one of such a blob.

    Whoever asks compares the hash: the file may be damaged.
    """
    path = os.path.join(common_dir, "objects", oid[:2], oid[2:])
    try:
        with open(path, "rb") as file:
            packed = file.read(limit + _HEADER_MOST)
        whole = zlib.decompressobj().decompress(packed, limit + _HEADER_MOST)
    except (OSError, zlib.error):
        return None
    header, _, blob = whole.partition(b"\0")
    return blob if header == b"blob %d" % len(blob) else None
