"""What people and agents add to the names of files and symbols: lines, columns, brackets of a call, other separators.

Each reading is offered here; which of them holds is decided by what is there, and what is there
literally comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

_SEPARATORS = r"[:#]"
_LINES = r"L?(\d{1,9})(?:[:C]\d{1,9})?(?:-L?(\d{1,9})(?:[:C]\d{1,9})?)?:?"
"""12, 12:5 of compilers, 12-20, and L12-L20, L12C5-L20C3 of code hosts."""
_QUOTED = r"(`(?:[^`]|``)*`)"
_RECEIVER = r"\A\(\*?(\w+)\)(?=\.)"
_MOST_SPLITS = 20


def is_simple(selector: str) -> bool:
    """Whether a selector can mean only what it says."""
    return not (selector[:1].isdigit() or "(" in selector or "*" in selector or _is_line(selector))


def _is_line(selector: str) -> bool:
    return selector.startswith("L") and line_range(selector) is not None


def line_range(text: str) -> tuple[int, int] | None:
    """The first and the last line that a text names, if it names lines."""
    match = re.fullmatch(_LINES, text)
    return (int(match[1]), int(match[2] or match[1])) if match else None


def splits(path: str) -> Iterator[tuple[str, str]]:
    """The ways to read a path as a file and, after a colon or ``#``, something in it; the longest file first."""
    marks = reversed(list(re.finditer(_SEPARATORS, path)))
    return (
        (path[: mark.start()], path[mark.end() :])
        for mark in islice(marks, _MOST_SPLITS)
        if mark.start()
    )


def loosened(selector: str) -> str:
    """A selector of bare names: ``C::f(x)`` is ``C.f``, ``C.*`` is ``C``, Go's ``(*T).f`` is ``T.f``.

    What is quoted stays, and so does ``operator()``, which is a name.
    """
    parts = re.split(_QUOTED, selector)
    parts[0::2] = [
        _without_calls(re.sub(_RECEIVER, r"\1", part.replace("::", "."))) for part in parts[0::2]
    ]
    return "".join(parts).removesuffix(".*")


def _without_calls(text: str) -> str:
    kept: list[str] = []
    depth = 0
    for at, letter in enumerate(text):
        is_name = depth == 0 and text.endswith("operator", 0, at) and text.startswith("()", at)
        if letter == "(" and not is_name:
            depth += 1
        elif letter == ")" and depth:
            depth -= 1
        elif not depth:
            kept.append(letter)
    return text if depth else "".join(kept)
