"""From the tokens and definitions of a walk to symbols: extents with glued comments, hashes, addresses.

Everything here works on numbers and bytes; no node of a tree gets this far.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain

from git_muse_coord.model.address import IMPORTS, MODULE
from git_muse_coord.symbols.glue import BLANK, before_blanks, glue
from git_muse_coord.symbols.grammar import BOM, CLOSE
from git_muse_coord.symbols.hashes import EMPTY, digest, hash_bytes
from git_muse_coord.symbols.heads import Heads, by_first, pieces_between
from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.same_names import (
    DefinedSymbol,
    fits,
    names_of,
    tell_apart,
)
from git_muse_coord.symbols.values import Symbol
from git_muse_coord.symbols.walked import Definition, Piece, Walked

_MODIFIERS = bytes([CLOSE]) + b"modifiers"
"""The end of a list; where it comes first, the list held nothing but decorations."""
_SEPARATORS = (b",", b";")
_BLANKS = re.compile(rb"\s*\Z")
_PUNCTUATION = re.compile(rb"(?:[\s{}\[\],;]|(?<!-)-(?!-))*\Z")
"""What may stand around keys; ``---`` begins another document."""
_MARGIN = BLANK + b",;"


def assemble(
    path: str,
    data: bytes,
    walked: Walked,
    facts: LanguageFacts,
    language: str = "",
) -> tuple[Symbol, ...]:
    """The symbols of one file, in the order in which they stand there."""
    assembly = _Assembly(path, data, walked, facts)
    return assembly.symbols(language)


class _Assembly:
    def __init__(
        self,
        path: str,
        data: bytes,
        walked: Walked,
        facts: LanguageFacts,
    ) -> None:
        self.path = path
        self.data = data
        self.walked = walked
        self.facts = facts
        # where there is no code, braces and separators around keys are nobody's text
        self.nothing = _PUNCTUATION if facts.is_document else _BLANKS
        self.newlines = [match.start() for match in re.finditer(b"\n", data)]
        self.directives: list[Piece] = []
        for comment in walked.comments:
            if comment.first < comment.last:  # a program reads it: it has tokens
                self.directives.append(comment)
        self.inside: dict[int, list[Definition]] = defaultdict(list)
        """What is directly inside each definition, by its identity; under 0 what is in the file."""
        self.heads = Heads(data, walked, self.inside)

    def symbols(self, language: str) -> tuple[Symbol, ...]:
        glue(self.data, self.walked)
        definitions = self.walked.definitions
        pieces = [*definitions, *self.walked.imports]
        pieces.sort(key=_outermost_first)
        for piece in pieces:
            container = id(piece.parent) if piece.parent else 0
            self.inside[container].append(piece)
        pairs: list[DefinedSymbol] = []
        for definition in definitions:
            symbol = self._symbol(definition)
            pairs.append(DefinedSymbol(symbol, definition))
        for symbol, definition in pairs.copy():
            for name in definition.also:
                names = (*symbol.names[:-1], name)
                clone = symbol._replace(names=names)
                pairs.append(DefinedSymbol(clone, definition))
        fitting = [pair for pair in pairs if fits(pair.symbol)]
        if self.facts.names_repeat:
            told_apart = [pair.symbol for pair in fitting]
        else:
            told_apart = tell_apart(
                fitting,
                language,
                self.heads.words,
                has_overloads=self.facts.has_overloads,
            )
        told_apart.sort(key=_place)
        # what a file has besides its definitions comes first
        own = [*self._imports(), *self._module()]
        return (*own, *told_apart)

    def _symbol(self, definition: Definition) -> Symbol:
        first = definition.first
        last = definition.last
        body_start = definition.body_start
        body_end = definition.body_end
        if body_start < 0:
            body_start = definition.end
            body_end = definition.end
        starts = self.walked.starts
        opening = bisect_left(starts, body_start, first, last)
        closing = bisect_left(starts, body_end, opening, last)
        closing = min(closing, max(opening, definition.inner_last))
        holes = self.inside[id(definition)]
        decorations = pieces_between(self.walked.decorations, first, opening, holes)
        directives = pieces_between(self.directives, first, opening, holes)
        orders = self._tokens_of(directives)
        body_tokens = self.walked.tokens[opening:closing]
        body = digest(orders + body_tokens)
        direct = body
        nested: list[Piece] = [hole for hole in holes if hole.first >= opening]
        if nested:
            own_tokens = self._cut(opening, closing, nested)
            direct = digest(orders + own_tokens)
        # What is not of the head itself is taken out of it, in the order of the file.
        apart: list[Piece] = [*decorations, *directives, *holes]
        if decorations or directives:
            apart.sort(key=by_first)
        head = self._cut(first, opening, apart)
        if head[:1] == [_MODIFIERS]:
            del head[0]
        for token in self._cut(closing, last, holes):
            if token[0] != CLOSE:
                head.append(token)
        texts = self._texts(definition.start, definition.end, holes)
        names, tags = names_of(definition)
        return self._make(
            names,
            definition.kind,
            definition.start,
            definition.end,
            signature=self.heads.signature(definition, body_start, decorations),
            body=body,
            direct=direct,
            head=digest(head),
            decoration=digest(self._tokens_of(decorations)),
            text=hash_bytes(b"\0".join(texts)),
            body_start=body_start,
            body_end=body_end,
            tags=tags,
        )

    def _tokens_of(self, pieces: Iterable[Piece]) -> list[bytes]:
        tokens: list[bytes] = []
        for piece in pieces:
            tokens += self.walked.tokens[piece.first : piece.last]
        return tokens

    def _make(
        self,
        names: tuple[str, ...],
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
        tags: tuple[str, ...] = (),
    ) -> Symbol:
        # Grammars differ in whether blanks behind a definition are of it: none are here.
        end = max(before_blanks(self.data, end), start)
        last_byte = max(start, end - 1)
        return Symbol(
            self.path,
            names,
            kind,
            self._line(start),
            self._line(last_byte),
            start,
            end,
            signature,
            body,
            direct,
            head,
            decoration,
            text,
            body_start,
            body_end,
            tags,
        )

    def _line(self, position: int) -> int:
        return bisect_left(self.newlines, position) + 1

    def _cut(
        self,
        first: int,
        last: int,
        holes: Iterable[Piece],
    ) -> list[bytes]:
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

    def _texts(
        self,
        start: int,
        end: int,
        holes: Iterable[Piece],
    ) -> list[bytes]:
        """The bytes of a range around the holes, in pieces whose margins do not matter."""
        pieces: list[bytes] = []
        for hole in holes:
            before = self.data[start : hole.start]
            pieces.append(before.strip(_MARGIN))
            start = max(start, hole.end)
        rest = self.data[start:end]
        pieces.append(rest.strip(_MARGIN))
        return list(filter(None, pieces))

    def _imports(self) -> Iterator[Symbol]:
        pieces = self.walked.imports
        if not pieces:
            return
        texts: list[bytes] = []
        for piece in pieces:
            text = self.data[piece.start : piece.end]
            texts.append(text.strip())
        yield self._own(
            IMPORTS,
            "imports",
            pieces[0].start,
            pieces[-1].end,
            content=digest(self._tokens_of_imports(pieces)),
            text=hash_bytes(b"\0".join(texts)),
        )

    def _tokens_of_imports(self, pieces: Iterable[Piece]) -> list[bytes]:
        if not self.facts.imports_in_any_order:
            return self._tokens_of(pieces)
        statements: list[list[bytes]] = []
        for piece in pieces:
            statement = self.walked.tokens[piece.first : piece.last]
            statements.append(statement)
        statements.sort()
        return list(chain.from_iterable(statements))

    def _module(self) -> Iterator[Symbol]:
        holes = self.inside[0]
        size = len(self.data)
        start = len(BOM) if self.data.startswith(BOM) else 0
        texts = self._texts(start, size, holes)
        if all(map(self.nothing.match, texts)):
            return
        tokens = self._cut(0, len(self.walked.tokens), holes)
        words = [token for token in tokens if token[0] != CLOSE]
        content = EMPTY
        if not all(map(self.nothing.match, words)):
            content = digest(words if self.facts.is_document else tokens)
        text = hash_bytes(b"\0".join(texts))
        yield self._own(
            MODULE,
            "module",
            0,
            size,
            content=content,
            text=text,
        )

    def _own(
        self,
        name: str,
        kind: str,
        start: int,
        end: int,
        *,
        content: str,
        text: str,
    ) -> Symbol:
        """A symbol that every file has, and that nobody wrote as such: without head and body."""
        return self._make(
            (name,),
            kind,
            start,
            end,
            signature="",
            body="",
            direct=content,
            head="",
            decoration="",
            text=text,
            body_start=end,
            body_end=end,
        )


def _outermost_first(piece: Piece) -> tuple[int, int]:
    return piece.first, -piece.last


def _place(symbol: Symbol) -> tuple[int, int]:
    """By this symbols are sorted: what is around others comes before them."""
    return symbol.start_byte, -symbol.end_byte
