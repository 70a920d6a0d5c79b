"""What readers share that go over the tokens of a file once and note the pieces that they find."""

from __future__ import annotations

from collections.abc import Sequence

from git_muse_coord.symbols.formats.outline import Outlined, Token, piece_of


class PieceReader:
    """The tokens of a file, and the pieces found among them, in the order of the file."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.items: list[Outlined] = []

    def text_at(self, index: int) -> bytes:
        """The text of a token; empty behind the last one."""
        return self.tokens[index].text if index < len(self.tokens) else b""

    def add(
        self,
        first: int,
        body: int,
        end: int,
        names: tuple[str, ...],
        kind: str,
    ) -> None:
        """Note a piece from one token to before another; ``body`` is the first behind its head."""
        self.items.append(
            piece_of(
                self.tokens,
                first,
                body,
                end,
                names,
                kind,
            )
        )
