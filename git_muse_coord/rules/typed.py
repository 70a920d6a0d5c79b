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
_LINES_IN_BRACKETS = r"\((\d{1,9}(?:[,-]\d{1,9})?)\)\Z"
"""12, 12,5 and 12-20, as compilers of Microsoft write it."""
_CLOSING = {"(": ")", "<": ">"}
_MOST_SPLITS = 20
"""At most this many marks are tried: each reading of a path is looked up in the tree."""


def is_simple(selector: str) -> bool:
    """Whether a selector can mean only what it says."""
    if selector[:1].isdigit() or _is_line(selector):
        return False
    if "(" in selector or "*" in selector:
        return False
    # Code outside of any symbol is called <module>; elsewhere the mark begins type parameters.
    return "<" not in selector or selector.startswith("<")


def _is_line(selector: str) -> bool:
    if not selector.startswith("L"):
        return False
    return line_range(selector) is not None


def line_range(text: str) -> tuple[int, int] | None:
    """The first and the last line that a text names, if it names lines."""
    match = re.fullmatch(_LINES, text)
    if match is None:
        return None
    first = int(match[1])
    last = int(match[2] or first)
    return first, last


def splits(path: str) -> Iterator[tuple[str, str]]:
    """The ways to read a path as a file and something in it, after a colon or ``#``; the longest file first."""
    lines = re.search(_LINES_IN_BRACKETS, path)
    if lines is not None and lines.start():
        file = path[: lines.start()]
        inside = lines[1].replace(",", ":")
        yield file, inside
    marks = list(re.finditer(_SEPARATORS, path))
    # From the end, because a mark can be part of a file's name: the longest name comes first.
    last_marks = islice(reversed(marks), _MOST_SPLITS)
    for mark in last_marks:
        file = path[: mark.start()]
        inside = path[mark.end() :]
        if file:
            yield file, inside


def loosened(selector: str) -> str:
    """A selector of bare names: ``C<T>::f(x)`` is ``C.f``, ``C.*`` is ``C``, Go's ``(*T).f`` is ``T.f``.

    What is quoted stays, and so does ``operator()``, which is a name.
    """
    parts = re.split(_QUOTED, selector)
    # The pattern keeps what it splits at, so every second part is quoted.
    for number in range(0, len(parts), 2):
        part = parts[number]
        part = re.sub(_RECEIVER, r"\1", part)
        part = _bare(part)
        parts[number] = part.replace("::", ".")
    return "".join(parts).removesuffix(".*")


def _bare(text: str) -> str:
    """Names without what stands in brackets behind them, and without what follows the brackets of a call."""
    kept: list[str] = []
    closing: list[str] = []
    is_behind_call = False
    for at, letter in enumerate(text):
        if _closes(text, at, closing):
            closing.pop()
            is_behind_call = letter == ")"
        elif letter in _CLOSING and (closing or _opens(text, at)):
            bracket = _CLOSING[letter]
            closing.append(bracket)
        elif not closing:
            # get() const
            is_behind_call = is_behind_call and letter not in ".:"
            if not is_behind_call:
                kept.append(letter)
    # With a bracket that nobody closes it is no call: what was typed stays as it is.
    if closing:
        return text
    return "".join(kept)


def _closes(
    text: str,
    at: int,
    closing: list[str],
) -> bool:
    """Whether the innermost of the brackets that are open is closed."""
    if not closing or text[at] != closing[-1]:
        return False
    # The second half of an arrow closes nothing.
    return text[at - 1] != "-"


def _opens(text: str, at: int) -> bool:
    """Whether a bracket begins the parameters of what stands before it, and is no name of its own."""
    bracket = text[at]
    if text.endswith("operator", 0, at):
        # In C++ operator() is a name, and its brackets belong to it.
        return bracket == "(" and not text.startswith("()", at)
    if bracket == "(":
        return True
    before = text[at - 1 : at]
    return before.isalnum() or before == "_"
