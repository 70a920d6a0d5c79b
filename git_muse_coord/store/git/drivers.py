"""Which merge drivers files of attributes may choose: those that HEAD's files choose in the very same line.

``*.po merge=tool`` lets git run a program that the user has set up for other contents. A branch
that was fetched must not choose it for its own, so such a choice becomes git's own merge of lines.
A macro (``[attr]``) chooses none at all: any other line could use it.
"""

from __future__ import annotations

import re

_OWN = (b"text", b"binary", b"union")
"""Git's own ways to merge."""
_CHOICE = re.compile(rb"(?<=[ \t\r])merge=(\S+)")
_MACRO = b"[attr]"


def without_foreign_drivers(wanted: bytes, trusted: bytes) -> bytes:
    """A file of attributes without the drivers that a trusted file at the same place does not choose likewise."""
    known = {line.strip() for line in trusted.split(b"\n") if _MACRO not in line}
    return b"\n".join(
        line if line.strip() in known else _CHOICE.sub(_harmless, line)
        for line in wanted.split(b"\n")
    )


def _harmless(match: re.Match[bytes]) -> bytes:
    return match[0] if match[1] in _OWN else b"merge"
