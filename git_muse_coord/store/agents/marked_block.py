"""The lines for agents without hooks in AGENTS.md: put at its end between marks, and cut out again to the byte.

The mark has a hash of the lines, so that lines which somebody has changed are never overwritten.
Whether the file ended in a line end before shows in that it does so afterwards.
"""

from __future__ import annotations

import hashlib
import re

BLOCK_LINES = (
    "## Others work on this repository at the same time",
    "",
    "- When you begin, run `git muse-coord prime`: it says who you are, what others hold, and how to work beside them.",
    "- Unless your program's hooks do it, say what you will touch before you edit it, new symbols too:",
    "  `git muse-coord reserve --reason 'round per line' 'src/billing.py::Invoice.total'`",
    "- What another agent holds, leave alone if you can: do other work first, or ask its holder.",
    "- When the work is merged or given up: `git muse-coord release --all`",
)

_MARK = re.compile(r"<!-- (BEGIN|END) muse-coord\b[^\n]*-->")
_BLOCK = re.compile(
    r"<!-- BEGIN muse-coord v:\d+ hash:(?P<hash>[0-9a-f]{12}) -->(?P<lines>.*?)<!-- END muse-coord -->",
    re.DOTALL,
)


class Unmanageable(ValueError):
    """Marks that are not as we write them, or lines between them that somebody has changed."""


def has_marks(text: str) -> bool:
    """Whether there is anything of ours in a text, sound or not."""
    return _MARK.search(text) is not None


def with_lines(text: str | None) -> str:
    """A file with our lines at its end, or where older ones are; None where there is no file. Raises Unmanageable."""
    if text is None:
        return _block("\n") + "\n"
    newline = "\r\n" if "\r\n" in text else "\n"
    match = _find(text)
    if match is not None:
        return text[: match.start()] + _block(newline) + text[match.end() :]
    if not text:
        return _block(newline)
    if text.endswith("\n"):
        return text + newline + _block(newline) + newline
    return text + newline * 2 + _block(newline)


def without_lines(text: str) -> str | None:
    """A file as it was before ``with_lines``; None where that made it. Raises Unmanageable."""
    match = _find(text)
    if match is None:
        return text
    before, after = text[: match.start()], text[match.end() :]
    newline = "\r\n" if "\r\n" in text else "\n"
    if not after:  # so it did not end in a line end before, either
        return before.removesuffix(newline * 2)
    after = after.removeprefix(newline)
    if not before and not after:
        return None
    return before.removesuffix(newline) + after


def _block(newline: str) -> str:
    begin = f"<!-- BEGIN muse-coord v:1 hash:{_hash(BLOCK_LINES)} -->"
    return newline.join((begin, *BLOCK_LINES, "<!-- END muse-coord -->"))


def _find(text: str) -> re.Match[str] | None:
    marks = [mark[1] for mark in _MARK.finditer(text)]
    if not marks:
        return None
    match = _BLOCK.search(text)
    if match is None or marks != ["BEGIN", "END"]:
        raise Unmanageable("its marks of muse-coord are damaged")
    if _hash(match["lines"].strip("\r\n").splitlines()) != match["hash"]:
        raise Unmanageable("the lines between the marks of muse-coord were changed")
    return match


def _hash(lines: list[str] | tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
