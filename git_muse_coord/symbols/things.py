"""What a name can lead to, as values."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

_MAX_THINGS = 8
"""A name that can mean more means the first of them."""


class ThingKind(IntEnum):
    """The kinds of what a name can lead to."""

    SYMBOL = 1
    INSTANCE = 2
    """An instance of a class."""
    PLACE = 3
    """A file, or a directory without a file of its own."""
    INHERITED = 4
    """What a class inherits."""
    FOREIGN = 5
    """Surely nothing of this tree."""


class Thing(NamedTuple):
    """What a name leads to; ``scope`` is the index of that of the symbol, or of the class."""

    kind: ThingKind
    path: str = ""
    scope: int = 0
    within: tuple[str, ...] = ()
    """The steps into the containers around it, the outermost last; behind them, what a call is about to take out."""


Things = tuple[Thing, ...]
"""All that a name can mean; empty when nothing is known."""

NOTHING: Things = ()
ELSEWHERE: Things = (Thing(ThingKind.FOREIGN),)
"""What leads out of the tree."""


def distinct(things: Iterable[Thing]) -> Things:
    """Each thing once; what is known counts before what is foreign."""
    once = tuple(dict.fromkeys(things))
    if len(once) > 1:
        known = tuple(thing for thing in once if thing not in ELSEWHERE)
        return known[:_MAX_THINGS] or ELSEWHERE
    return once
