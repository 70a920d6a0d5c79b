"""Patterns of paths: ``*`` and ``?`` within a directory, ``**/`` for any directories, ``[a-z]``, and ``{a,b}``."""

from __future__ import annotations

import re

from git_muse_coord.model.address import ROOT
from git_muse_coord.rules.tracked import Tracked

_CLASS = r"\[[!^]?\]?[^\]/]*\]"
_CHOICE = r"\{[^{}]*,[^{}]*\}"
_CERTAIN = rf"[*?]|{_CHOICE}"
_PIECES = rf"(?:\A|(?<=/))\*\*(?:/|\Z)|\*+|\?|{_CLASS}|{_CHOICE}|."


def has_wildcard(path: str) -> bool:
    """Whether a path that is not there can be meant as a pattern."""
    return is_certain(path) or re.search(_CLASS, path) is not None


def is_certain(path: str) -> bool:
    """Whether it can hardly be the name of a new file, as ``[id].tsx`` can."""
    return re.search(_CERTAIN, path) is not None


def fixed_part(pattern: str) -> str:
    """The directory, with its slash, in which all lies that a pattern can match."""
    before = re.split(rf"{_CERTAIN}|{_CLASS}", pattern, maxsplit=1)[0]
    return before[: before.rfind("/") + 1] or ROOT


def matching(pattern: str, tracked: Tracked, *, ignore_case: bool = False) -> list[str]:
    """The tracked files that a pattern matches, or the directories where it ends in a slash, sorted.

    Nothing for a pattern that is malformed.
    """
    candidates = tracked.directories if pattern.endswith("/") else tracked.files
    try:
        matches = re.compile(
            _expression(pattern.rstrip("/")), re.IGNORECASE if ignore_case else 0
        ).fullmatch
    except re.error:
        return []
    return sorted(path for path in candidates if matches(path))


def _expression(pattern: str) -> str:
    pattern = re.sub(r"(?:\*\*/)+", "**/", pattern)
    return "".join(_translated(piece) for piece in re.findall(_PIECES, pattern, re.DOTALL))


def _translated(piece: str) -> str:
    if piece == "**/":
        return "(?:[^/]+/)*"
    if piece == "**":
        return ".+"
    if piece.startswith("*"):
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if len(piece) > 1 and piece.startswith("["):
        inside = re.sub(r"([\\\[&~|])", r"\\\1", piece[1:-1])
        return f"[^/{inside[1:]}]" if inside[:1] in ("!", "^") else f"[{inside}]"
    if len(piece) > 1 and piece.startswith("{"):
        return f"(?:{'|'.join(map(_expression, piece[1:-1].split(',')))})"
    return re.escape(piece)
