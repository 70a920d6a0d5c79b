"""What readers share that go over the tokens of a file once and note the pieces that they find."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from git_muse_coord.symbols.formats.outline import (
    OPENING,
    Outlined,
    Token,
    behind_bracket,
    piece_of,
)


class Stretch(NamedTuple):
    """Tokens among which statements stand: from one to before another."""

    first: int
    last: int
    around: str = ""
    """The kind of what they lie in, where the reader asks for it."""


class PieceReader:
    """The tokens of a file, and the pieces found among them, in the order of the file."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.items: list[Outlined] = []

    def text_at(self, index: int) -> bytes:
        """The text of a token; empty behind the last one."""
        return self.tokens[index].text if index < len(self.tokens) else b""

    def behind(self, index: int, last: int) -> int:
        """The index behind a token; of one that opens a bracket, behind that which closes it."""
        if self.tokens[index].text in OPENING:
            return behind_bracket(self.tokens, index, last)
        return index + 1

    def add(
        self,
        first: int,
        body: int,
        end: int,
        names: tuple[str, ...],
        kind: str,
    ) -> None:
        """Note a piece from one token to before another; ``body`` is the first behind its head."""
        piece = piece_of(
            self.tokens,
            first,
            body,
            end,
            names,
            kind,
        )
        self.items.append(piece)


class NestedReader(PieceReader):
    """A reader of statements in which others can stand, at any depth."""

    def run(self) -> None:
        """Read the statements of a file, and of all that is looked into."""
        # a list of our own, for files can be nested deeper than Python calls
        pending = [Stretch(0, len(self.tokens))]
        while pending:
            stretch = pending.pop()
            index = stretch.first
            while index < stretch.last:
                end, inside = self.read_statement(index, stretch)
                if inside is not None:
                    # first what lies in it, so that items come in the order of the file
                    pending.append(stretch._replace(first=end))
                    pending.append(inside)
                    break
                index = end

    def read_statement(self, first: int, stretch: Stretch) -> tuple[int, Stretch | None]:
        """Note what a statement declares.

        Returns the index behind it, and where statements stand in it that are to be read as well.
        """
        raise NotImplementedError
