"""How texts are cut short: lists, ids and what others wrote, in the same way wherever they are told."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

FEW = 5
ID_DIGITS = 12
"""Of an id so many are told, enough to name it again; JSON, and what makes or shows one, has all of them."""

_ELLIPSIS = "…"
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:@+,=")
"""What no shell takes for anything but itself."""


def few(
    names: Sequence[str],
    most: int = FEW,
    between: str = ", ",
) -> str:
    """The first of some names, at most ``most``, and how many more there are."""
    listed = between.join(names[:most])
    left = len(names) - most
    if left <= 0:
        return listed
    return f"{listed} {and_more(left)}"


def and_more(count: int) -> str:
    """That there are ``count`` more."""
    return f"and {count:,} more"


def span_of_time(seconds: int) -> str:
    """A length of time in its largest unit: ``45 s``, ``59 min``, ``3 h``, ``12 d``."""
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def short_id(content_id: str) -> str:
    """The digits of an id that a text tells."""
    digits = content_id.removeprefix("sha256:")
    return digits[:ID_DIGITS]


def cut(text: str, most: int) -> str:
    """A text of at most so many characters."""
    if len(text) <= most:
        return text
    return text[: most - 1] + _ELLIPSIS


def quoted(text: str, most: int) -> str:
    """What somebody else wrote, as words of theirs, cut."""
    # No quote inside may end ours.
    unquoted = text.replace('"', "'")
    return f'"{cut(unquoted, most)}"'


def shell_line(words: Sequence[str]) -> str:
    """A command as it can be typed or pasted into a shell."""
    if all(word and _PLAIN.issuperset(word) for word in words):
        return " ".join(words)
    import shlex  # with re, and only where a word has something in it that means something to a shell

    return shlex.join(words)
