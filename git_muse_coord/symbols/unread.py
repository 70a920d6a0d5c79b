"""What of a file could not be read: which lines, which definitions, and what seems to be defined there.

A grammar goes on behind what it does not know, and guesses. So what is taken as unread is more than
its errors: their whole lines, the block behind them, and every definition with an error in its
head, whose name may be wrong.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from git_muse_coord.symbols.grammar import CLOSE
from git_muse_coord.symbols.hashes import digest, hash_bytes
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
    # first of all, for the search counts what is lost while it goes on
    regions = list(filter(None, search.regions()))
    return regions, search.lost


def left_out(data: bytes, edits: Iterable[Span]) -> list[UnreadRegion]:
    """What was left out or replaced to read the rest."""
    texts: list[tuple[int, int, bytes]] = []
    for start, end in edits:
        words = data[start:end].split()
        texts.append((start, end, b" ".join(words)))
    if len(texts) > MAX_SPANS:
        first_start, _, _ = texts[0]
        _, last_end, _ = texts[-1]
        together = b"\n".join(text for _, _, text in texts)
        texts = [(first_start, last_end, together)]
    regions: list[UnreadRegion] = []
    for start, end, text in texts:
        if text:
            regions.append(UnreadRegion(start, end, hash_bytes(text)))
    return regions


class _Search:
    """The lines of a file, its errors and its definitions, side by side."""

    def __init__(self, data: bytes, walked: Walked) -> None:
        self.data = data
        self.walked = walked
        self.errors = _bounded(walked.unread)
        self.holes: list[Piece] = [*walked.definitions, *walked.imports]
        self.holes.sort(key=_start)
        self.hole_starts = [hole.start for hole in self.holes]
        self.lost = 0

    def regions(self) -> Iterator[UnreadRegion | None]:
        """The lines of each error, and each definition whose head cannot be trusted."""
        for start, end in self.errors:
            # Whole lines: a grammar goes on behind what it does not know, and guesses the rest.
            first = self._line_start(start)
            line_end = self._line_end(end)
            last = self._block_end(line_end)
            yield self._region((first, last), (start, end))
        for definition in self._doubtful():
            stretch = (definition.start, definition.end)
            yield self._region(stretch, stretch, definition)

    def _doubtful(self) -> Iterator[Definition]:
        """The definitions with the edge of an error on a line of their heads."""
        edges: list[tuple[int, Span]] = []
        for error in self.errors:
            for edge in set(error):
                edges.append((edge, error))
        edges.sort()
        places = [edge for edge, _ in edges]
        for definition in self.walked.definitions:
            head_end = definition.body_start
            if head_end < 0:
                head_end = definition.end
            first = self._line_start(definition.start)
            last = self._line_end(head_end)
            first_edge = bisect_left(places, first)
            behind = bisect_right(places, last)
            errors = [error for _, error in edges[first_edge:behind]]
            is_hurt = _has_edge_inside(errors, definition)
            if is_hurt or self._continues(definition, first):
                yield definition

    def _continues(self, definition: Definition, line: int) -> bool:
        """Whether a function goes on with a statement of which the beginning was read as something else."""
        if definition.kind not in ("function", "method"):
            return False
        before = self.data[line : definition.start].strip()
        return before != b"" and not before.endswith(_ENDS)

    def _block_end(self, end: int) -> int:
        """Where a block in braces right behind an error ends, which is nobody's body now."""
        tokens = self.walked.tokens
        starts = self.walked.starts
        opening = bisect_left(starts, end)
        while opening < len(tokens) and tokens[opening][0] == CLOSE:
            opening += 1
        if opening == len(tokens) or tokens[opening] != b"{":
            return end
        # what begins with a brace by itself is read as it is meant
        if self._begins_hole(starts[opening]):
            return end
        depth = 0
        for place in range(opening, len(tokens)):
            if tokens[place] == b"{":
                depth += 1
            elif tokens[place] == b"}":
                depth -= 1
            if depth == 0:
                return starts[place] + 1
        # Its end is lost, too, and with it where the rest belongs.
        return len(self.data)

    def _begins_hole(self, position: int) -> bool:
        """Whether a definition or an import begins at a byte."""
        at = bisect_left(self.hole_starts, position)
        if at == len(self.holes):
            return False
        return self.hole_starts[at] == position

    def _region(
        self,
        stretch: Span,
        sure: Span,
        own: Definition | None = None,
    ) -> UnreadRegion | None:
        """A stretch without the definitions in its sure part; None where nothing is left.

        The sure part is the error itself: a definition that it holds as a whole was read well,
        while one that only shares a line with it was not. ``own`` is the definition that the
        stretch is.
        """
        start, end = stretch
        pieces: list[Span] = []
        position = start
        for hole in self._inside(sure, own):
            pieces.append((position, hole.start))
            position = hole.end
        pieces.append((position, end))
        tokens: list[bytes] = []
        text = b""
        for first, last in pieces:
            tokens += self._tokens(first, last)
            # names are looked for in the beginning of each: a stretch can be the whole file
            text += self.data[first:last][:_LOOK]
        if not tokens:
            return None
        self.lost += len(tokens)
        content = digest(tokens)
        return UnreadRegion(start, end, content, _opened(text))

    def _tokens(self, start: int, end: int) -> list[bytes]:
        """The tokens of a stretch, without those that only say where a node of the tree ends."""
        first = bisect_left(self.walked.starts, start)
        behind = bisect_left(self.walked.starts, end)
        tokens = self.walked.tokens[first:behind]
        return [token for token in tokens if token[0] != CLOSE]

    def _inside(self, stretch: Span, own: Definition | None) -> Iterator[Piece]:
        """The outermost definitions and imports in a stretch."""
        start, end = stretch
        position = start
        first = bisect_left(self.hole_starts, start)
        behind = bisect_left(self.hole_starts, end)
        for hole in self.holes[first:behind]:
            if hole is own or hole.start < position:
                continue
            if hole.end <= end:
                yield hole
                position = hole.end

    def _line_start(self, position: int) -> int:
        return self.data.rfind(b"\n", 0, position) + 1

    def _line_end(self, position: int) -> int:
        end = self.data.find(b"\n", position)
        if end < 0:
            return len(self.data)
        return end


def _bounded(unread: Iterable[Span]) -> list[Span]:
    """The errors of a file, each once; of too many their whole stretch, so that the search stays quick."""
    errors = sorted(set(unread))
    if len(errors) <= MAX_SPANS:
        return errors
    first_start, _ = errors[0]
    last_end = max(end for _, end in errors)
    return [(first_start, last_end)]


def _opened(text: bytes) -> tuple[str, ...]:
    """The names of what seems to be defined in a text."""
    names: dict[str, None] = {}
    for match in _OPENS.finditer(text[:_LOOK]):
        # What stands before a name may be a macro, or be the name itself.
        for name in match.groups():
            if name:
                names[name.decode("ascii", "replace")] = None
        if len(names) >= _MAX_OPENS:
            break
    return tuple(names)


def _has_edge_inside(errors: Iterable[Span], definition: Definition) -> bool:
    """Whether an error begins or ends in a definition, instead of holding all of it."""
    return any(not _is_around(error, definition) for error in errors)


def _is_around(error: Span, definition: Definition) -> bool:
    start, end = error
    if start == end:  # where something is missing there is no text, so nothing is in it
        return False
    return start <= definition.start and definition.end <= end


def _start(piece: Piece) -> int:
    return piece.start
