"""From the tokens and definitions of a walk to symbols: extents with glued comments, hashes, addresses.

Everything here works on numbers and bytes; no node of a tree gets this far.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from git_muse_coord.model.address import IMPORTS, MAX_BYTES, MODULE, Address, Segment
from git_muse_coord.symbols.grammar import BOM, CLOSE
from git_muse_coord.symbols.values import Symbol
from git_muse_coord.symbols.walked import Definition, Piece, Walked

EMPTY = ""
"""The hash of no tokens."""

_BLANK = b" \t\r\n\f"
_MODIFIERS = bytes([CLOSE]) + b"modifiers"
"""The end of a list; where it comes first, the list held nothing but decorations."""
_SEPARATORS = (b",", b";")
_BLANKS = re.compile(rb"\s*\Z")
_PUNCTUATION = re.compile(rb"(?:[\s{}\[\],;]|(?<!-)-(?!-))*\Z")
"""What may stand around keys; ``---`` begins another document."""
_MARGIN = _BLANK + b",;"
_MAX_SIGNATURE = 200

Span = tuple[int, int]


def digest(tokens: Sequence[bytes]) -> str:
    """The hash of some tokens; empty for none."""
    return hash_bytes(b"\0".join(tokens)) if tokens else EMPTY


def hash_bytes(data: bytes) -> str:
    """A short hash: 64 bits tell the symbols of a repository apart."""
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def assemble(path: str, data: bytes, walked: Walked, *, is_code: bool = True) -> tuple[Symbol, ...]:
    """The symbols of one file, in the order in which they stand there.

    Where there is no code, braces and separators around keys are nobody's text.
    """
    return _Assembly(path, data, walked, is_code=is_code).symbols()


class _Assembly:
    def __init__(self, path: str, data: bytes, walked: Walked, *, is_code: bool) -> None:
        self.path = path
        self.data = data
        self.walked = walked
        self.is_code = is_code
        self.nothing = _BLANKS if is_code else _PUNCTUATION
        self.comment_starts = [comment.start for comment in walked.comments]
        self.directives = [comment for comment in walked.comments if comment.first < comment.last]
        self.newlines = [match.start() for match in re.finditer(b"\n", data)]
        self.inside: dict[int, list[Definition]] = defaultdict(list)
        """What is directly inside each definition, by its identity; under 0 what is in the file."""

    def symbols(self) -> tuple[Symbol, ...]:
        walked = self.walked
        self._glue()
        for definition in sorted(
            walked.definitions + walked.imports, key=lambda each: (each.first, -each.last)
        ):
            self.inside[id(definition.parent) if definition.parent else 0].append(definition)
        found = [(self._symbol(definition), definition) for definition in walked.definitions]
        clones = [
            (replace(symbol, address=_rename(symbol.address, name)), definition)
            for symbol, definition in found
            for name in definition.also
        ]
        told_apart = _tell_apart([pair for pair in found + clones if _fits(pair[0].address)])
        told_apart.sort(key=lambda symbol: (symbol.start_byte, -symbol.end_byte))
        return (*self._imports(), *self._module(), *told_apart)

    def _glue(self) -> None:
        """Give each definition the comments and attributes that stand right above it."""
        data = self.data
        leads: dict[int, tuple[Piece, bool]] = {}
        for comment in self.walked.comments:
            leads[self._back(comment.end)] = (comment, comment.first < comment.last)
        for attribute in self.walked.attached:
            leads[attribute.end] = (attribute, True)
        if not leads:
            return
        for definition in self.walked.definitions:
            start = definition.start
            while lead := leads.get(end := self._back(start)):
                piece, has_tokens = lead
                if data.count(b"\n", end, start) > 1 or not self._begins_line(piece.start):
                    break
                start = piece.start
                definition.start = start
                if has_tokens:
                    definition.first = piece.first

    def _back(self, position: int) -> int:
        """Where the blanks before a position begin."""
        data = self.data
        while position and data[position - 1] in _BLANK:
            position -= 1
        return position

    def _begins_line(self, position: int) -> bool:
        line = self.data.rfind(b"\n", 0, position) + 1
        before = self.data[line:position].strip()
        return not before or before.endswith((b"]", b"*/"))  # another attribute or comment

    def _symbol(self, definition: Definition) -> Symbol:
        starts, tokens = self.walked.starts, self.walked.tokens
        first, last = definition.first, definition.last
        body_start, body_end = definition.body_start, definition.body_end
        if body_start < 0:
            body_start = body_end = definition.end
        opening = bisect_left(starts, body_start, first, last)
        closing = min(
            bisect_left(starts, body_end, opening, last), max(opening, definition.inner_last)
        )
        holes = self.inside[id(definition)]
        decorations = _between(self.walked.decorations, first, opening, holes)
        directives = _between(self.directives, first, opening, holes)
        apart = (
            sorted([*decorations, *directives, *holes], key=_by_first)
            if decorations or directives
            else holes
        )
        head = self._cut(first, opening, apart)
        if head[:1] == [_MODIFIERS]:
            del head[0]
        head += [token for token in self._cut(closing, last, holes) if token[0] != CLOSE]
        nested = [hole for hole in holes if hole.first >= opening]
        orders = [token for piece in directives for token in tokens[piece.first : piece.last]]
        body = digest(orders + tokens[opening:closing])
        texts = self._texts(definition.start, definition.end, holes)
        return self._make(
            Address(self.path, tuple(map(Segment, definition.names))),
            definition.kind,
            definition.start,
            definition.end,
            signature=self._signature(definition, body_start, decorations),
            body=body,
            direct=digest(orders + self._cut(opening, closing, nested)) if nested else body,
            head=digest(head),
            decoration=digest(
                [token for piece in decorations for token in tokens[piece.first : piece.last]]
            ),
            text=hash_bytes(b"\0".join(texts) if len(texts) != 1 else texts[0]),
            body_start=body_start,
            body_end=body_end,
        )

    def _make(
        self,
        address: Address,
        kind: str,
        start: int,
        end: int,
        *,
        signature: str,
        body: str,
        direct: str,
        head: str,
        decoration: str,
        text: str,
        body_start: int,
        body_end: int,
    ) -> Symbol:
        end = max(self._back(end), start)
        return Symbol(
            address, kind, self._line(start), self._line(max(start, end - 1)), start, end,
            signature, body, direct, head, decoration, text, body_start, body_end,
        )  # fmt: skip

    def _line(self, position: int) -> int:
        return bisect_left(self.newlines, position) + 1

    def _cut(self, first: int, last: int, holes: Iterable[Piece]) -> list[bytes]:
        """The tokens of a range without those of the holes, and without the separator after a hole."""
        tokens = self.walked.tokens
        kept: list[bytes] = []
        for hole in holes:
            if first <= hole.first and hole.last <= last:
                kept += tokens[first : hole.first]
                first = hole.last
                if first < last and tokens[first] in _SEPARATORS:
                    first += 1
        return kept + tokens[first:last]

    def _texts(self, start: int, end: int, holes: Iterable[Piece]) -> list[bytes]:
        """The bytes of a range around the holes, in pieces whose margins do not matter."""
        pieces = []
        for hole in holes:
            pieces.append(self.data[start : hole.start].strip(_MARGIN))
            start = max(start, hole.end)
        pieces.append(self.data[start:end].strip(_MARGIN))
        return list(filter(None, pieces))

    def _signature(self, definition: Definition, body_start: int, decorations: list[Piece]) -> str:
        """The source of the head on one line, without decorations and comments."""
        start = (
            self.walked.starts[definition.first]
            if definition.first < definition.last
            else definition.start
        )
        for piece in decorations:
            if piece.first <= definition.first or not self.data[start : piece.start].strip(_BLANK):
                start = max(start, piece.end)
        end = min(body_start, start + 4 * _MAX_SIGNATURE)
        kept = b""
        for at in range(
            bisect_left(self.comment_starts, start), bisect_left(self.comment_starts, end)
        ):
            comment = self.walked.comments[at]
            kept += self.data[start : comment.start] + b" "
            start = comment.end
        head = (kept + self.data[start:end]).decode("utf-8", "replace")
        text = " ".join(head.split()).rstrip("{;: ").removesuffix("=>").removesuffix("=")
        return text.rstrip(": ")[:_MAX_SIGNATURE]

    def _imports(self) -> Iterator[Symbol]:
        pieces = self.walked.imports
        if not pieces:
            return
        content = digest(
            [token for piece in pieces for token in self.walked.tokens[piece.first : piece.last]]
        )
        text = hash_bytes(
            b"\0".join(self.data[piece.start : piece.end].strip() for piece in pieces)
        )
        yield self._own(IMPORTS, "imports", pieces[0].start, pieces[-1].end, content, text)

    def _module(self) -> Iterator[Symbol]:
        holes = self.inside[0]
        texts = self._texts(len(BOM) if self.data.startswith(BOM) else 0, len(self.data), holes)
        if all(map(self.nothing.match, texts)):
            return
        tokens = self._cut(0, len(self.walked.tokens), holes)
        words = [token for token in tokens if token[0] != CLOSE]
        counted = tokens if self.is_code else words
        content = EMPTY if all(map(self.nothing.match, words)) else digest(counted)
        yield self._own(MODULE, "module", 0, len(self.data), content, hash_bytes(b"\0".join(texts)))

    def _own(self, name: str, kind: str, start: int, end: int, content: str, text: str) -> Symbol:
        return self._make(
            Address(self.path, (Segment(name),)), kind, start, end,
            signature="", body="", direct=content, head="", decoration="", text=text,
            body_start=end, body_end=end,
        )  # fmt: skip


def _by_first(piece: Piece) -> int:
    return piece.first


def _between(pieces: list[Piece], first: int, last: int, holes: Iterable[Piece]) -> list[Piece]:
    """The pieces that lie in a range of tokens, but in none of the holes."""
    some = pieces[
        bisect_left(pieces, first, key=_by_first) : bisect_left(pieces, last, key=_by_first)
    ]
    return [piece for piece in some if piece.last <= last and not _within(piece, holes)]


def _within(piece: Piece, holes: Iterable[Piece]) -> bool:
    return any(hole.first <= piece.first and piece.last <= hole.last for hole in holes)


def _rename(address: Address, name: str) -> Address:
    return Address(address.path, (*address.segments[:-1], Segment(name)))


def _fits(address: Address) -> bool:
    if len(address.path) + sum(len(segment.name) for segment in address.segments) < MAX_BYTES // 8:
        return True
    return len(str(address).encode("utf-8", "surrogateescape")) <= MAX_BYTES - 7 * len(
        address.segments
    )


def _tell_apart(found: list[tuple[Symbol, Definition]]) -> list[Symbol]:
    """Append signatures to equal names, to as few segments as will do."""
    heads = {id(definition): symbol.head for symbol, definition in found}
    groups: dict[Address, list[tuple[Symbol, Definition]]] = defaultdict(list)
    for symbol, definition in found:
        groups[symbol.address].append((symbol, definition))
    result: list[Symbol] = []
    for group in groups.values():
        if len(group) == 1:
            result.append(group[0][0])
            continue
        ways: tuple[Callable[[Symbol, Definition], Address], ...] = (
            lambda symbol, _: _tag(symbol.address, 1, symbol.head),
            lambda symbol, _: _tag(
                symbol.address, 1, hash_bytes((symbol.head + symbol.decoration).encode())
            ),
            lambda symbol, definition: _tag(
                symbol.address,
                1 + len(definition.names) - _depth(definition),
                heads.get(id(definition.parent), ""),
            ),
        )
        for way in ways:
            addresses = [way(symbol, definition) for symbol, definition in group]
            if len(set(addresses)) == len(addresses):
                break
        else:  # they cannot be told apart: the bare name stands for all
            addresses = [symbol.address for symbol, _ in group]
        result += [
            replace(pair[0], address=address)
            for pair, address in zip(group, addresses, strict=True)
        ]
    return result


def _depth(definition: Definition) -> int:
    return len(definition.parent.names) if definition.parent else len(definition.names)


def _tag(address: Address, back: int, hashed: str) -> Address:
    """The address with the segment that is so far from its end carrying a signature."""
    segments = list(address.segments)
    segments[-back] = Segment(segments[-back].name, hashed[:6])
    return Address(address.path, tuple(segments))
