"""What of a file could not be read: which lines, which definitions, and what seems to be defined there.

A grammar goes on behind what it does not know, and guesses. So what is taken as unread is more than
its errors: their whole lines, the block behind them, and every definition with an error in its
head, whose name may be wrong.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from git_muse_coord.symbols.assemble import digest, hash_bytes
from git_muse_coord.symbols.grammar import CLOSE
from git_muse_coord.symbols.values import UnreadRegion
from git_muse_coord.symbols.walked import Definition, Piece, Walked

Span = tuple[int, int]

MAX_SPANS = 500
"""A file with more errors than these, or with more left out, is unread from the first to the last."""
_MAX_OPENS = 50
_LOOK = 20_000
_OPENS = re.compile(
    rb"\b(?:class|struct|union|enum|interface|trait|object|module|namespace|record|protocol|extension|impl|mod|def|fun"
    rb"|fn|func|function|sub)\s+(?:([A-Z][A-Z0-9_]+)\s+)?([A-Za-z_]\w*)"
)
"""A word with which a definition begins, and its name, perhaps behind a macro."""
_ENDS = (b";", b"{", b"}")
"""What ends a statement: what follows it on the same line begins anew."""


def unread_regions(data: bytes, walked: Walked) -> tuple[list[UnreadRegion], int]:
    """What could not be read, and how many tokens that is."""
    if not walked.unread:
        return [], 0
    search = _Search(data, walked)
    return list(filter(None, search.regions())), search.lost


def left_out(data: bytes, edits: Iterable[Span]) -> list[UnreadRegion]:
    """What was left out or replaced to read the rest."""
    texts = [(start, end, b" ".join(data[start:end].split())) for start, end in edits]
    if len(texts) > MAX_SPANS:
        texts = [(texts[0][0], texts[-1][1], b"\n".join(text for _, _, text in texts))]
    return [UnreadRegion(start, end, hash_bytes(text)) for start, end, text in texts if text]


class _Search:
    """The lines of a file, its errors and its definitions, side by side."""

    def __init__(self, data: bytes, walked: Walked) -> None:
        self.data = data
        self.walked = walked
        errors = sorted(set(walked.unread))
        if len(errors) > MAX_SPANS:
            errors = [(errors[0][0], max(end for _, end in errors))]
        self.errors: list[Span] = errors
        self.holes: list[Piece] = sorted([*walked.definitions, *walked.imports], key=_start)
        self.hole_starts = [hole.start for hole in self.holes]
        self.lost = 0

    def regions(self) -> Iterator[UnreadRegion | None]:
        """The lines of each error, and each definition whose head cannot be trusted."""
        for start, end in self.errors:
            first, last = self._line_start(start), self._line_end(end)
            yield self._region(first, self._block_end(last), start, end)
        for definition in self._doubtful():
            yield self._region(
                definition.start, definition.end, definition.start, definition.end, definition
            )

    def _doubtful(self) -> Iterator[Definition]:
        """The definitions with the edge of an error on a line of their heads."""
        edges = sorted((edge, error) for error in self.errors for edge in set(error))
        places = [edge for edge, _ in edges]
        for definition in self.walked.definitions:
            head_end = definition.body_start if definition.body_start >= 0 else definition.end
            first, last = self._line_start(definition.start), self._line_end(head_end)
            near = edges[bisect_left(places, first) : bisect_right(places, last)]
            if any(not _is_around(error, definition) for _, error in near) or self._continues(
                definition, first
            ):
                yield definition

    def _continues(self, definition: Definition, line: int) -> bool:
        """Whether a function goes on with a statement of which the beginning was read as something else."""
        before = self.data[line : definition.start].strip()
        return (
            bool(before)
            and definition.kind in ("function", "method")
            and not before.endswith(_ENDS)
        )

    def _block_end(self, end: int) -> int:
        """Where a block in braces right behind an error ends, which is nobody's body now."""
        tokens, starts = self.walked.tokens, self.walked.starts
        at = bisect_left(starts, end)
        while at < len(tokens) and tokens[at][0] == CLOSE:
            at += 1
        if at == len(tokens) or tokens[at] != b"{" or self._begins_hole(starts[at]):
            return end
        depth = 0
        for place in range(at, len(tokens)):
            depth += (tokens[place] == b"{") - (tokens[place] == b"}")
            if depth == 0:
                return starts[place] + 1
        return len(self.data)

    def _begins_hole(self, position: int) -> bool:
        at = bisect_left(self.hole_starts, position)
        return at < len(self.holes) and self.hole_starts[at] == position

    def _region(
        self,
        start: int,
        end: int,
        sure: int,
        sure_end: int,
        own: Definition | None = None,
    ) -> UnreadRegion | None:
        """A stretch without the definitions in its sure part; None where nothing is left.

        The sure part is the error itself: a definition that it holds as a whole was read well,
        while one that only shares a line with it was not. ``own`` is the definition that the
        stretch is.
        """
        tokens, starts = self.walked.tokens, self.walked.starts
        kept: list[bytes] = []
        text = b""
        position = start
        for hole in self._inside(sure, sure_end, own):
            kept += tokens[bisect_left(starts, position) : bisect_left(starts, hole.start)]
            text += self.data[position : hole.start][:_LOOK]
            position = hole.end
        kept += tokens[bisect_left(starts, position) : bisect_left(starts, end)]
        text += self.data[position:end][:_LOOK]
        kept = [token for token in kept if token[0] != CLOSE]
        self.lost += len(kept)
        return UnreadRegion(start, end, digest(kept), _opened(text)) if kept else None

    def _inside(
        self,
        start: int,
        end: int,
        own: Definition | None,
    ) -> Iterator[Piece]:
        """The outermost definitions and imports in a stretch."""
        position = start
        for hole in self.holes[
            bisect_left(self.hole_starts, start) : bisect_left(self.hole_starts, end)
        ]:
            if hole is not own and position <= hole.start and hole.end <= end:
                yield hole
                position = hole.end

    def _line_start(self, position: int) -> int:
        return self.data.rfind(b"\n", 0, position) + 1

    def _line_end(self, position: int) -> int:
        end = self.data.find(b"\n", position)
        return len(self.data) if end < 0 else end


def _opened(text: bytes) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for match in _OPENS.finditer(text[:_LOOK]):
        names.update((name.decode("ascii", "replace"), None) for name in match.groups() if name)
        if len(names) >= _MAX_OPENS:
            break
    return tuple(names)


def _is_around(error: Span, definition: Definition) -> bool:
    return error[0] <= definition.start and definition.end <= error[1] and error[0] < error[1]


def _start(piece: Piece) -> int:
    return piece.start
