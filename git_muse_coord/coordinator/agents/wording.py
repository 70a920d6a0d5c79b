"""The words in which an agent is told of others: one line each, and what others wrote only as quoted words.

What is said here is read by a model. A reason is a text of somebody else's, and must neither pass
for an instruction nor hide what it says.
"""

from __future__ import annotations

from datetime import datetime

_ELLIPSIS = "…"


def quoted(text: str, most: int) -> str:
    """Somebody else's text as quoted words: one line, cut, without characters that show as something else."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    # No quote inside may end ours, whatever it looks like.
    line = " ".join(plain.replace('"', "'").split())
    return f'"{cut(line, most)}"'


def cut(text: str, most: int) -> str:
    """A text of at most so many characters."""
    if len(text) <= most:
        return text
    return text[: most - 1] + _ELLIPSIS


def time_of_day(moment: datetime, now: datetime) -> str:
    """A time to the minute, in UTC as all times are told, with the day where that is not today."""
    if moment.date() == now.date():
        return f"{moment:%H:%M}"
    return f"{moment:%Y-%m-%d %H:%M}"
