"""Patterns of paths: ``*`` and ``?`` within a directory, ``**/`` for any directories, ``[a-z]``, and ``{a,b}``."""

from __future__ import annotations

import re

from git_muse_coord.model.address import ROOT
from git_muse_coord.rules.tracked import Tracked

_CLASS = r"\[[!^]?\]?[^\]/]*\]"
_CHOICE = r"\{[^{}]*,[^{}]*\}"
_CERTAIN = rf"[*?]|{_CHOICE}"
_WILDCARD = rf"{_CERTAIN}|{_CLASS}"
_PIECES = rf"(?:\A|(?<=/))\*\*(?:/|\Z)|\*+|\?|{_CLASS}|{_CHOICE}|."


def has_wildcard(path: str) -> bool:
    """Whether a path that is not there can be meant as a pattern."""
    if is_certain(path):
        return True
    return re.search(_CLASS, path) is not None


def is_certain(path: str) -> bool:
    """Whether it can hardly be the name of a new file, as ``[id].tsx`` can."""
    return re.search(_CERTAIN, path) is not None


def fixed_part(pattern: str) -> str:
    """The directory, with its slash, in which all lies that a pattern can match."""
    before, *_ = re.split(_WILDCARD, pattern, maxsplit=1)
    directory, slash, _ = before.rpartition("/")
    return directory + slash or ROOT


def matching(
    pattern: str,
    tracked: Tracked,
    *,
    ignore_case: bool = False,
) -> list[str]:
    """The tracked files that a pattern matches, or the directories where it ends in a slash, sorted.

    Nothing for a pattern that is malformed.
    """
    candidates = tracked.directories if pattern.endswith("/") else tracked.files
    flags = re.IGNORECASE if ignore_case else 0
    bare_pattern = pattern.rstrip("/")
    try:
        expression = re.compile(_expression(bare_pattern), flags)
    except re.error:
        return []
    matched = filter(expression.fullmatch, candidates)
    return sorted(matched)


def _expression(pattern: str) -> str:
    # Several in a row say the same as one, but would make the matching take exponentially long.
    pattern = re.sub(r"(?:\*\*/)+", "**/", pattern)
    pieces = re.findall(_PIECES, pattern, re.DOTALL)
    return "".join(map(_translated, pieces))


def _translated(piece: str) -> str:
    if piece == "**/":
        return "(?:[^/]+/)*"
    if piece == "**":
        return ".+"
    if piece.startswith("*"):
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    # A bracket that nobody closes stands for itself.
    if len(piece) == 1:
        return re.escape(piece)
    inside = piece[1:-1]
    if piece.startswith("{"):
        choices = inside.split(",")
        alternatives = "|".join(map(_expression, choices))
        return f"(?:{alternatives})"
    return _translated_set(inside)


def _translated_set(letters: str) -> str:
    # What would mean something in a set of Python's expressions, or may one day, is escaped.
    escaped = re.sub(r"([\\\[&~|])", r"\\\1", letters)
    if escaped[:1] in ("!", "^"):
        return f"[^/{escaped[1:]}]"  # a slash never matches, as with * and ?
    return f"[{escaped}]"
