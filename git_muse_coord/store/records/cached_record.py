"""What is known of a blob once it was looked at: the verdict on it, and what finds it again."""

from __future__ import annotations

import zlib

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    Verdict = Literal["sound", "damaged", "not understood"]

SOUND: Verdict = "sound"
DAMAGED: Verdict = "damaged"
NOT_UNDERSTOOD: Verdict = "not understood"
"""Of a newer format or of a kind that is not known here: neither counted nor touched."""


class CachedRecord(NamedTuple):
    """What is known of a blob without parsing it again.

    ``ref`` is the name that its record must have, or empty for a blob that is no sound record;
    ``mentions`` are, one a line, who holds it with a digest of what it says, the folded paths, its
    end, and the record ids in it; of a message what ``message_lines`` knows; or what is known of
    one that is not sound.
    """

    oid: str
    ref: str
    mentions: bytes
    verdict: Verdict = SOUND

    @property
    def digest(self) -> int:
        """What finds the row among others by the first line of its mentions."""
        first, _, _ = self.mentions.partition(b"\n")
        return zlib.crc32(first)

    @property
    def crc(self) -> int:
        """The checksum of the row, over all its columns."""
        names = f"{self.oid} {self.verdict} {self.ref}".encode()
        return zlib.crc32(self.mentions, zlib.crc32(names))


RecordRow = tuple[CachedRecord, bytes | None]
"""What is known of a blob, and the blob itself where it is a sound record."""

if TYPE_CHECKING:
    Entries = Mapping[str, CachedRecord]
    """The sound records, by the refs that name them."""
    Known = Mapping[str, CachedRecord]
    """What is known of objects, by their ids."""
    Bodies = dict[str, bytes]
    """The bytes of blobs, by their object ids."""
    Mentions = dict[str, bytes]
    """What is mentioned of some records, by ref."""


END_MARK = b"\x1e"
"""What the line of a reservation's mentions begins with that says when it ends by itself, and when it was made."""
WAIT_MARK = b"\x1d"
"""What the lines begin with that say, in bare hex, what it waits for."""
READER_MARK = b"\x1c"
"""What stands in the mentions of a message between its reader, nobody where none is named, and the rest."""
ABOUT_NONE = "-"
"""What stands there for the reservation of a message that is about none."""
SAYS_MORE = b"+"
"""What is said behind the end of a reservation that has fields which came later."""


def holder_mark(run_id: str) -> bytes:
    """What a reservation's mentions begin with: no path begins so, as none holds a control character."""
    # A run id may hold what cannot be encoded, such as half of a surrogate pair.
    return b"\x1f%s\x1f" % run_id.encode("utf-8", "backslashreplace")


def reader_key(run_id: str | None) -> bytes:
    """What the mentions of messages to a run begin with; those to nobody by name have nothing there."""
    if run_id is None:
        return b""
    return run_id.encode("utf-8", "backslashreplace")


def mark_in(first_mention: bytes) -> bytes:
    """The mark of the holder in the first line of a reservation's mentions."""
    # what stands behind it is a digest in hex
    end = first_mention.rindex(b"\x1f") + 1
    return first_mention[:end]


def checksum(key: str, value: bytes) -> int:
    """The checksum of a row that holds some bytes under a key, so that no row passes under another's key."""
    of_key = zlib.crc32(key.encode("utf-8", "replace"))
    return zlib.crc32(value, of_key)
