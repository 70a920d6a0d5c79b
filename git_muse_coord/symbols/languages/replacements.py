"""What is read in place of text that a grammar cannot read."""

from __future__ import annotations

import re
from collections.abc import (
    Callable,
    Iterable,
    Iterator,
    Sequence,
)
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Tree

_VISIBLE = re.compile(rb"[^\n]")

Stretch = tuple[int, int]
"""A part of a file: its first byte, and the one behind its last."""


class Replacement(NamedTuple):
    """A stretch of a file that the grammar cannot read, and a text of the same length to be read instead."""

    start: int
    end: int
    text: bytes

    @property
    def leaves_out(self) -> bool:
        """Whether nothing is read instead."""
        return not self.text.strip()


Repair = Callable[[bytes, "Tree", Sequence[Stretch]], Iterable[Replacement]]
"""Edits for a file, its tree, and what could not be read of it."""


def blank(
    data: bytes,
    start: int,
    end: int,
    instead: bytes = b" ",
) -> Replacement:
    """Leave out a stretch, but for its line ends."""
    # the places of all that follows, in bytes and in lines, must stay what they are
    return Replacement(start, end, _VISIBLE.sub(instead, data[start:end]))


def without(noise: re.Pattern[bytes], instead: bytes = b" ") -> Repair:
    """Leave out what matches, wherever it stands; ``instead`` stands in the place of each of its bytes."""

    def repair(
        data: bytes,
        _tree: Tree,
        _unread: Sequence[Stretch],
    ) -> Iterator[Replacement]:
        for match in noise.finditer(data):
            yield blank(data, match.start(), match.end(), instead)

    return repair
