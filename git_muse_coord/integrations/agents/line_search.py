"""Finds lines in a text as forgivingly as Codex does. Pure."""

from __future__ import annotations

from collections.abc import Callable

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_SINGLE_QUOTES = "\u2018\u2019\u201a\u201b"
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f"
_BLANKS = "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"

_FANCY = _DASHES + _SINGLE_QUOTES + _DOUBLE_QUOTES + _BLANKS
_PLAIN = str.maketrans(
    _FANCY,
    "-" * len(_DASHES) + "'" * len(_SINGLE_QUOTES) + '"' * len(_DOUBLE_QUOTES) + " " * len(_BLANKS),
)

Form = Callable[[str], str]
"""What of a line is compared."""


def sought_lines(
    lines: Sequence[str],
    pattern: Sequence[str],
    start: int,
    at_end: bool = False,
) -> int | None:
    """Where some lines stand, from ``start`` on or at the very end; None where they do not."""
    if not pattern:
        return start
    last = len(lines) - len(pattern)
    if last < 0:
        return None
    if at_end:
        start = max(start, last)
    # First as they are; each further form looks away from more.
    for form in (_as_it_is, str.rstrip, str.strip, _without_fancy):
        place = _place(lines, pattern, range(start, last + 1), form)
        if place is not None:
            return place
    return None


def _place(
    lines: Sequence[str],
    pattern: Sequence[str],
    places: range,
    form: Form,
) -> int | None:
    wanted = list(map(form, pattern))
    for place in places:
        # Most places fall out at their first line.
        if form(lines[place]) != wanted[0]:
            continue
        there = lines[place : place + len(wanted)]
        if list(map(form, there)) == wanted:
            return place
    return None


def _as_it_is(line: str) -> str:
    return line


def _without_fancy(line: str) -> str:
    return line.strip().translate(_PLAIN)
