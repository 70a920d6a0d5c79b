"""What one pass over a syntax tree gives: the tokens of a file, and the stretches among them that mean something.

Only numbers and bytes, never a node: a node keeps its whole tree in memory.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

MAX_DEPTH = 24
"""Definitions nested deeper than this belong to the one around them."""


@dataclass(slots=True)
class Piece:
    """A stretch of the file: a comment, a decoration, an import.

    ``start`` and ``end`` are bytes of the file, ``first`` and ``last`` indexes of its tokens; the
    ends are not part of it.
    """

    start: int
    end: int
    first: int
    last: int


@dataclass(slots=True)
class Definition(Piece):
    """A definition on its way to become a symbol."""

    names: tuple[str, ...] = ()
    """Those of the definitions around it, and its own."""
    also: tuple[str, ...] = ()
    """Further last names of the same definition."""
    kind: str = ""
    body_start: int = -1
    """In bytes; negative where there is no body."""
    body_end: int = -1
    inner_last: int = 0
    """Where the tokens of the definition end, without those of wrappers and the mark of its own end."""
    parent: Definition | None = None


@dataclass(slots=True)
class Walked:
    """The result of the pass over one file."""

    tokens: list[bytes] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    """The byte at which each token begins."""
    definitions: list[Definition] = field(default_factory=list)
    comments: list[Piece] = field(default_factory=list)
    """Those with tokens are read by a program."""
    decorations: list[Piece] = field(default_factory=list)
    attached: list[Piece] = field(default_factory=list)
    """The decorations that stand in front of the definition, not in it."""
    imports: list[Definition] = field(default_factory=list)
    unread: list[tuple[int, int]] = field(default_factory=list)
    """What the grammar could not read, in bytes; empty stretches are where something is missing."""

    def pieces(self) -> list[Piece]:
        """All stretches, each once: a decoration that stands in front is in two of the lists."""
        lists = (self.definitions, self.comments, self.decorations, self.attached, self.imports)
        unique: dict[int, Piece] = {}
        for stretches in lists:
            for piece in stretches:
                unique[id(piece)] = piece
        return [*unique.values()]

    def keep_comments(self, comments: Iterable[tuple[int, int]]) -> None:
        """Add comments, given in bytes, without tokens of their own: to change them is formatting."""
        for start, end in comments:
            first = bisect_left(self.starts, start)
            self.comments.append(Piece(start, end, first, first))
