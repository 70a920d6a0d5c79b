"""Which spellings of a path name one thing: not every file system tells letters by their case or normal form.

What is one file in the clone of one is two in the clone of another, so in the rules the folded
spelling counts, whatever the settings of a clone: rather one warning too many than an answer that
depends on who looks.
"""

from __future__ import annotations

_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def fold(path: str) -> str:
    """The spelling of a path in which all that may be the same are equal: NFC, with ASCII letters in lower case."""
    if path.isascii():
        return path.lower()
    return composed(path).translate(_LOWER)


def lower(path: str) -> str:
    """A path with its ASCII letters in lower case, which is all that git itself does to letters."""
    if path.isascii():
        return path.lower()
    # Not by lower(), which would take more letters for one than git does.
    return path.translate(_LOWER)


def composed(path: str) -> str:
    """A path in the normal form NFC."""
    if path.isascii():
        return path
    import unicodedata  # most repositories never need it

    return unicodedata.normalize("NFC", path)
