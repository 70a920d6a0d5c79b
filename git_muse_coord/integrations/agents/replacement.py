"""The edit that most programs have: an old text makes way for a new one. Pure."""

from __future__ import annotations

from git_muse_coord.integrations.agents.texts import with_own_ends, with_plain_ends
from git_muse_coord.model.light import NamedTuple

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
        return self._replace(old=self.new, new=self.old)


def replaced(text: str, replacement: TextReplacement) -> str | None:
    """A text after a replacement; None where what is looked for is not there, or not clear."""
    plain, is_crlf = with_plain_ends(text)
    sought = replacement.old.replace("\r\n", "\n")
    new = replacement.new.replace("\r\n", "\n")
    old = _as_it_stands(plain, sought)
    if not old or old == new:
        return None
    # A line whose whole text goes away goes away with its end.
    if not new and not old.endswith("\n") and f"{old}\n" in plain:
        old += "\n"
    if not replacement.everywhere and plain.count(old) > 1:
        return None
    result = plain.replace(old, new)
    return with_own_ends(result, is_crlf)


def _as_it_stands(text: str, sought: str) -> str | None:
    """What is looked for as it is in the text: models write straight quotes where there are curly ones."""
    if sought in text:
        return sought
    # One character stands for one, so that places are the same in both.
    straight = text.translate(_STRAIGHT)
    place = straight.find(sought.translate(_STRAIGHT))
    if place < 0:
        return None
    return text[place : place + len(sought)]
