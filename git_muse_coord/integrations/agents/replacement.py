"""The edit that most programs have: an old text makes way for a new one. Pure."""

from __future__ import annotations

from typing import NamedTuple

from git_muse_coord.integrations.agents.texts import FileText, with_own_ends, with_plain_ends

_STRAIGHT = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
    }
)


class TextReplacement(NamedTuple):
    """What is looked for, what comes in its place, and whether everywhere."""

    old: str
    new: str
    everywhere: bool = False

    def undone(self) -> TextReplacement:
        """What leads back."""
        return TextReplacement(self.new, self.old, self.everywhere)


def replaced(text: str, replacement: TextReplacement) -> str | None:
    """A text after a replacement, with line ends as it had them; None where the old text is not there, or not clear."""
    plain, is_crlf = with_plain_ends(text)
    old = _as_it_stands(plain, replacement.old.replace("\r\n", "\n"))
    new = replacement.new.replace("\r\n", "\n")
    if not old or old == new:
        return None
    # A line whose whole text goes away goes away with its end.
    if not new and not old.endswith("\n") and f"{old}\n" in plain:
        old += "\n"
    if not replacement.everywhere and plain.count(old) > 1:
        return None
    return with_own_ends(FileText(plain.replace(old, new), is_crlf))


def _as_it_stands(text: str, old: str) -> str | None:
    """What is looked for as it is in the text: models write straight quotes where the text has curly ones."""
    if old in text:
        return old
    # One character stands for one, so the places are the same in both.
    at = text.translate(_STRAIGHT).find(old.translate(_STRAIGHT))
    return None if at < 0 else text[at : at + len(old)]
