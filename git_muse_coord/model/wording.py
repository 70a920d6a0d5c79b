"""How lists are cut short: the same words wherever there is more to tell than anybody reads."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

FEW = 5


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
