"""Lines of ours in a file of others: put at its end between marks, and cut out again to the byte.

The mark has a hash of the lines, so that lines which somebody has changed are never overwritten.
Whether the file ended in a line end before shows in that it does so afterwards.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

BLOCK_LINES = (
    "## Others work on this repository at the same time",
    "",
    "- When you begin, run `git muse-coord prime`: it says who you are, what others hold, and how to work beside them.",
    "- Unless your program's hooks do it, say what you will touch before you edit it, new symbols too:",
    "  `git muse-coord reserve --reason 'round per line' 'src/billing.py::Invoice.total'`",
    "- What another agent holds, leave alone if you can: do other work first, or ask its holder.",
    "- When the work is merged or given up: `git muse-coord release --all`",
)


class Unmanageable(ValueError):
    """Marks that are not as we write them, or lines between them that somebody has changed."""


class MarkedBlock:
    """Lines that stand between two marks; ``comment`` is what makes a comment of a mark, at ``{}``."""

    def __init__(self, lines: Sequence[str], comment: str) -> None:
        self.lines = tuple(lines)
        self._comment = comment
        before, behind = map(re.escape, comment.split("{}"))
        self._mark = re.compile(rf"{before}(BEGIN|END) muse-coord\b[^\n]*{behind}")
        self._whole = re.compile(
            rf"{before}BEGIN muse-coord v:\d+ hash:(?P<hash>[0-9a-f]{{12}}){behind}"
            rf"(?P<lines>.*?){before}END muse-coord{behind}",
            re.DOTALL,
        )

    def is_in(self, text: str) -> bool:
        """Whether there is anything of ours in a text, sound or not."""
        return self._mark.search(text) is not None

    def added_to(self, text: str | None) -> str:
        """A file with our lines at its end, or where older ones are; None: there is none yet. Raises Unmanageable."""
        if text is None:
            return self._block("\n") + "\n"
        newline = "\r\n" if "\r\n" in text else "\n"
        match = self._find(text)
        if match is not None:
            return text[: match.start()] + self._block(newline) + text[match.end() :]
        if not text:
            return self._block(newline)
        if text.endswith("\n"):
            return text + newline + self._block(newline) + newline
        return text + newline * 2 + self._block(newline)

    def cut_out_of(self, text: str) -> str | None:
        """A file as it was before ``added_to``; None where that made it. Raises Unmanageable."""
        match = self._find(text)
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

    def _block(self, newline: str) -> str:
        begin = self._comment.format(f"BEGIN muse-coord v:1 hash:{_hash(self.lines)}")
        return newline.join((begin, *self.lines, self._comment.format("END muse-coord")))

    def _find(self, text: str) -> re.Match[str] | None:
        marks = [mark[1] for mark in self._mark.finditer(text)]
        if not marks:
            return None
        match = self._whole.search(text)
        if match is None or marks != ["BEGIN", "END"]:
            raise Unmanageable("its marks of muse-coord are damaged")
        if _hash(match["lines"].strip("\r\n").splitlines()) != match["hash"]:
            raise Unmanageable("the lines between the marks of muse-coord were changed")
        return match


def _hash(lines: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


AGENTS_MD = MarkedBlock(BLOCK_LINES, "<!-- {} -->")
"""For agents without hooks, in AGENTS.md."""
