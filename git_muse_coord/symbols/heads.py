"""The text of the head of a definition, on one line and without comments."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from git_muse_coord.symbols.glue import BLANK
from git_muse_coord.symbols.walked import Definition, Piece, Walked

_MAX_SIGNATURE = 200
"""Letters of a head that are shown."""
_MAX_HEAD = 1_000
"""Bytes of a head that are read to tell it from others."""


class HeadText(NamedTuple):
    """The text of the head of a definition, and that of what stands above it."""

    text: str
    decoration: str


class Heads:
    """Reads the heads of the definitions of one file.

    ``inside`` has what lies directly in each definition, by its identity, in the order of the file.
    """

    def __init__(
        self,
        data: bytes,
        walked: Walked,
        inside: Mapping[int, Sequence[Piece]],
    ) -> None:
        self._data = data
        self._walked = walked
        self._inside = inside
        self._comment_starts = [comment.start for comment in walked.comments]

    def signature(
        self,
        definition: Definition,
        body_start: int,
        decorations: Iterable[Piece],
    ) -> str:
        """The source of the head on one line, without decorations and comments."""
        # Only the beginning is shown, so no more is read of a head that goes on for pages.
        text = self._text(definition, body_start, decorations, 4 * _MAX_SIGNATURE)
        text = text.rstrip("{;: ")
        text = text.removesuffix("=>").removesuffix("=")
        return text.rstrip(": ")[:_MAX_SIGNATURE]

    def words(self, definition: Definition) -> HeadText:
        """What of a definition can tell it from others of its name."""
        body_start = definition.body_start
        if body_start < 0:
            body_start = definition.end
        first = definition.first
        last = bisect_left(self._walked.starts, body_start, first, definition.last)
        holes = self._inside.get(id(definition), ())
        decorations = pieces_between(self._walked.decorations, first, last, holes)
        text = self._text(definition, body_start, decorations, _MAX_HEAD)
        above: list[str] = []
        for piece in decorations:
            decoration = self._data[piece.start : piece.end]
            above.append(decoration.decode("utf-8", "replace"))
        return HeadText(text, " ".join(above))

    def _text(
        self,
        definition: Definition,
        body_start: int,
        decorations: Iterable[Piece],
        size: int,
    ) -> str:
        data = self._data
        start = definition.start
        if definition.first < definition.last:  # behind the comments that were glued to it
            start = self._walked.starts[definition.first]
        for piece in decorations:
            before = data[start : piece.start].strip(BLANK)
            if not before or piece.first <= definition.first:
                start = max(start, piece.end)
        end = min(body_start, start + size)
        first_comment = bisect_left(self._comment_starts, start)
        last_comment = bisect_left(self._comment_starts, end)
        kept = b""
        for comment in self._walked.comments[first_comment:last_comment]:
            kept += data[start : comment.start] + b" "
            start = comment.end
        kept += data[start:end]
        words = kept.decode("utf-8", "replace").split()
        return " ".join(words)


def pieces_between(
    pieces: list[Piece],
    first: int,
    last: int,
    holes: Iterable[Piece],
) -> list[Piece]:
    """The pieces that lie in a range of tokens, but in none of the holes."""
    begin = bisect_left(pieces, first, key=by_first)
    end = bisect_left(pieces, last, key=by_first)
    between: list[Piece] = []
    for piece in pieces[begin:end]:
        if piece.last <= last and not _is_within(piece, holes):
            between.append(piece)
    return between


def by_first(piece: Piece) -> int:
    """The first token of a piece, to sort by."""
    return piece.first


def _is_within(piece: Piece, holes: Iterable[Piece]) -> bool:
    for hole in holes:
        if hole.first <= piece.first and piece.last <= hole.last:
            return True
    return False
