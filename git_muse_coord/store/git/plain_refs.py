"""What of git's files of refs is so plain that it can be read without git."""

from __future__ import annotations

import re

PART = "[0-9A-Za-z_][0-9A-Za-z_-]*"
"""A part of the name of a ref that git takes as it stands, on every file system."""
_PART = re.compile(PART)


class OddRef(Exception):
    """Something is there that git itself must read: a link, a symbolic or broken ref, an odd name."""


def part_must_be_plain(part: str) -> None:
    """Raises OddRef for a part of the name of a ref that git may not take."""
    if _PART.fullmatch(part) is None:
        raise OddRef(part)


def object_id(text: str, digits: int) -> str:
    """The object id of so many hex digits that a ref names. Raises OddRef."""
    is_hex = not text.strip("0123456789abcdef")
    # git takes the id of zeros for a broken ref
    if len(text) != digits or not is_hex or not text.strip("0"):
        raise OddRef(text)
    return text
