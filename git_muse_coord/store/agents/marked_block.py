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
        newline = _newline_of(text)
        block = self._block(newline)
        match = self._find(text)
        if match is not None:
            before = text[: match.start()]
            after = text[match.end() :]
            return before + block + after
        # What the file ended with shows in what ours ends with: cut_out_of goes by it.
        if not text:
            return block
        if text.endswith("\n"):
            return text + newline + block + newline
        return text + newline * 2 + block

    def cut_out_of(self, text: str) -> str | None:
        """A file as it was before ``added_to``; None where that made it. Raises Unmanageable."""
        match = self._find(text)
        if match is None:
            return text
        before = text[: match.start()]
        after = text[match.end() :]
        newline = _newline_of(text)
        if not after:  # so it did not end in a line end before, either
            return before.removesuffix(newline * 2)
        after = after.removeprefix(newline)
        if not before and not after:
            return None
        return before.removesuffix(newline) + after

    def _block(self, newline: str) -> str:
        checksum = _hash(self.lines)
        begin = self._comment.format(f"BEGIN muse-coord v:1 hash:{checksum}")
        end = self._comment.format("END muse-coord")
        return newline.join((begin, *self.lines, end))

    def _find(self, text: str) -> re.Match[str] | None:
        marks = [mark[1] for mark in self._mark.finditer(text)]
        if not marks:
            return None
        match = self._whole.search(text)
        if match is None or marks != ["BEGIN", "END"]:
            raise Unmanageable("its marks of muse-coord are damaged")
        lines = match["lines"].strip("\r\n").splitlines()
        if _hash(lines) != match["hash"]:
            raise Unmanageable("the lines between the marks of muse-coord were changed")
        return match


def _newline_of(text: str) -> str:
    """How the lines of a file end."""
    return "\r\n" if "\r\n" in text else "\n"


def _hash(lines: Sequence[str]) -> str:
    text = "\n".join(lines)
    checksum = hashlib.sha256(text.encode()).hexdigest()
    return checksum[:12]


AGENTS_MD = MarkedBlock(BLOCK_LINES, "<!-- {} -->")
"""For agents without hooks, in AGENTS.md."""
