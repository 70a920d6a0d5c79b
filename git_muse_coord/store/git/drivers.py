"""Which merge drivers files of attributes may choose: those that HEAD's files choose in the very same line.

``*.po merge=tool`` lets git run a program that the user has set up for other contents. A branch
that was fetched must not choose it for its own, so such a choice becomes git's own merge of lines.
A macro (``[attr]``) chooses none at all: any other line could use it.
"""

from __future__ import annotations

from git_muse_coord.model.later import re
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from re import Match

_OWN = (b"text", b"binary", b"union")
"""Git's own ways to merge."""
_CHOICE = rb"""(?<=[ \t\r"])merge=(\S+)"""
"""Behind a pattern in quotes git wants no blank."""
_MACRO = b"[attr]"


def without_foreign_drivers(wanted: bytes, trusted: bytes) -> bytes:
    """A file of attributes without the drivers that a trusted file at the same place does not choose likewise."""
    trusted_lines: set[bytes] = set()
    for line in trusted.split(b"\n"):
        # a macro may be used by lines that HEAD does not have, so even HEAD's own are not copied
        if _MACRO not in line:
            trusted_lines.add(line.strip())
    kept: list[bytes] = []
    for line in wanted.split(b"\n"):
        if line.strip() not in trusted_lines:
            line = re.sub(_CHOICE, _harmless, line)
        kept.append(line)
    return b"\n".join(kept)


def _harmless(choice: Match[bytes]) -> bytes:
    """A choice of git's own ways as it stands; in place of a program git's merge of lines."""
    if choice[1] in _OWN:
        return choice[0]
    return b"merge"
