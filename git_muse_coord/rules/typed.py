"""What people and agents add to the names of files and symbols: lines, columns, brackets of a call, other separators.

Each reading is offered here; which of them holds is decided by what is there, and what is there
literally comes first.
"""

from __future__ import annotations

from itertools import islice

from git_muse_coord.model.later import re
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEPARATORS = r"[:#]"
_LINES = r"L?(\d{1,9})(?:[:C]\d{1,9})?(?:-L?(\d{1,9})(?:[:C]\d{1,9})?)?:?"
"""12, 12:5 of compilers, 12-20, and L12-L20, L12C5-L20C3 of code hosts."""
_QUOTED = r"(`(?:[^`]|``)*`)"
_RECEIVER = r"\A\(\*?(\w+)\)(?=\.)"
_MOST_SPLITS = 20
"""At most this many marks are tried: each reading of a path is looked up in the tree."""


def is_simple(selector: str) -> bool:
    """Whether a selector can mean only what it says."""
    return not (selector[:1].isdigit() or "(" in selector or "*" in selector or _is_line(selector))


def _is_line(selector: str) -> bool:
    return selector.startswith("L") and line_range(selector) is not None


def line_range(text: str) -> tuple[int, int] | None:
    """The first and the last line that a text names, if it names lines."""
    match = re.fullmatch(_LINES, text)
    if match is None:
        return None
    first = int(match[1])
    last = int(match[2] or first)
    return first, last


def splits(path: str) -> Iterator[tuple[str, str]]:
    """The ways to read a path as a file and, after a colon or ``#``, something in it; the longest file first."""
    marks = list(re.finditer(_SEPARATORS, path))
    # From the end, because a mark can be part of a file's name: the longest name comes first.
    for mark in islice(reversed(marks), _MOST_SPLITS):
        if mark.start():
            yield path[: mark.start()], path[mark.end() :]


def loosened(selector: str) -> str:
    """A selector of bare names: ``C::f(x)`` is ``C.f``, ``C.*`` is ``C``, Go's ``(*T).f`` is ``T.f``.

    What is quoted stays, and so does ``operator()``, which is a name.
    """
    parts = re.split(_QUOTED, selector)
    # The pattern keeps what it splits at, so every second part is quoted.
    for number in range(0, len(parts), 2):
        part = parts[number].replace("::", ".")
        part = re.sub(_RECEIVER, r"\1", part)
        parts[number] = _without_calls(part)
    return "".join(parts).removesuffix(".*")


def _without_calls(text: str) -> str:
    kept: list[str] = []
    depth = 0
    for at, letter in enumerate(text):
        # In C++ operator() is a name, and its brackets belong to it.
        is_name = depth == 0 and text.endswith("operator", 0, at) and text.startswith("()", at)
        if letter == "(" and not is_name:
            depth += 1
        elif letter == ")" and depth:
            depth -= 1
        elif not depth:
            kept.append(letter)
    # With a bracket that nobody closes it is no call: what was typed stays as it is.
    return text if depth else "".join(kept)
