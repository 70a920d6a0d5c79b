"""One pass over a syntax tree: the tokens that matter, and where each definition begins and ends among them.

The pass is iterative and keeps numbers and bytes only, never a node. Hashes and addresses are made
in ``assemble``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from git_muse_coord.symbols.directives import Directives
from git_muse_coord.symbols.grammar import BOM, Grammar, Special
from git_muse_coord.symbols.languages.table import IMPORT, MARKUP, PROSE, TYPES, Place

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

MAX_DEPTH = 24
"""Definitions nested deeper than this belong to the one around them."""

_BRACKETS = frozenset({b"(", b")", b"]", b"}"})
_NO_ELEMENT = frozenset({b"(", b"[", b"{", b","})
_LAYOUT = re.compile(rb"\s*\n\s*")
_LOOSE = -1
"""On the stack, a node that is nothing but round brackets around another: formatters add and remove them."""
_SINGLE = re.compile(rb"(\w*)('''|')([^\"\\]*)\2\Z")
"""A text in single quotes that could as well stand in double ones."""
_CONTINUATION = re.compile(rb"\\\r?\n")
"""A line end that is none."""


@dataclass(slots=True)
class Piece:
    """A stretch of the file, in bytes and in tokens: a comment, a decoration, an import."""

    start: int
    end: int
    first: int
    last: int


@dataclass(slots=True)
class Definition(Piece):
    """A definition on its way to become a symbol."""

    names: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    kind: str = ""
    body_start: int = -1
    body_end: int = -1
    inner_last: int = 0
    """Where the tokens of the definition end, without those of wrappers and the mark of its own end."""
    parent: Definition | None = None


@dataclass(slots=True)
class Walked:
    """What the pass found. ``starts`` holds the byte at which each token begins."""

    tokens: list[bytes] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)
    comments: list[Piece] = field(default_factory=list)
    """Those with tokens are read by a program."""
    decorations: list[Piece] = field(default_factory=list)
    attached: list[Piece] = field(default_factory=list)
    imports: list[Definition] = field(default_factory=list)
    unread: list[tuple[int, int]] = field(default_factory=list)
    """What the grammar could not read, in bytes; empty stretches are where something is missing."""


@dataclass(slots=True, eq=False)
class _Frame:
    """An open node that is more than punctuation, and what to restore when it closes."""

    kind: int
    end: int
    piece: Piece
    wrapper: bool
    names: tuple[str, ...]
    scope: Definition | None
    place: Place
    inside: list[Definition] = field(default_factory=list)
    """The definitions directly inside a wrapper."""


class Walk:
    """The state of one pass."""

    def __init__(self, grammar: Grammar, data: bytes) -> None:
        self.grammar = grammar
        self.data = data
        self.found = Walked()
        self.directives = Directives(grammar.language, data)
        self.blanks = b" \t\r\n\f" + b"".join(map(str.encode, grammar.language.optional))
        self.names: tuple[str, ...] = ()
        self.scope: Definition | None = None
        self.place = Place(data, False, "")

    def run(self, tree: Tree) -> Walked:
        """Walk the whole tree."""
        data = self.data
        specials, literals, closes = (
            self.grammar.specials,
            self.grammar.literals,
            self.grammar.closes,
        )
        tokens, starts = self.found.tokens, self.found.starts
        loose, accesses = self.grammar.loose, self.grammar.accesses
        strict, commas = self.grammar.strict, self.grammar.commas
        blanks_count = bool(self.grammar.texts)
        cursor = tree.walk()
        down, right, up = cursor.goto_first_child, cursor.goto_next_sibling, cursor.goto_parent
        stack: list[int | _Frame] = []
        start, end = 0, len(BOM) if data.startswith(BOM) else 0
        while True:
            node = cursor.node
            assert node is not None  # noqa: S101 - a cursor always stands on a node
            kind = node.kind_id
            frame = None
            special = specials[kind]
            if special is not None:
                if (start := node.start_byte) > end:
                    if blanks_count or special.indented or not data[end:start].isspace():
                        self._hidden(end, start, stack, special)
                    end = start
                frame = self._open(node, special, stack)
            if special is not None and frame is None:
                end = node.end_byte  # taken as a whole
                start = starts[-1] if starts else 0
            elif down():
                if frame is None and kind in loose and not (stack and _kind(stack[-1]) in accesses):
                    stack.append(_LOOSE)
                else:
                    stack.append(kind if frame is None else frame)
                continue
            else:
                start = node.start_byte
                if start > end and (blanks_count or not data[end:start].isspace()):
                    self._hidden(end, start, stack)
                end = node.end_byte
                if end == start and node.is_missing:
                    self.found.unread.append((start, end))
                if end > start and ((token := literals[kind]) != b"" or _kind(stack[-1]) in strict):
                    if token in _BRACKETS:
                        if (
                            token != b"("
                            and self._ends_in_comma()
                            and _kind(stack[-1]) not in commas
                        ):
                            tokens.pop()  # a trailing comma is formatting
                            starts.pop()
                        if _is_loose(stack[-1], loose):
                            token = b""
                    else:
                        token = data[
                            start:end
                        ]  # what has no name is not always spelled alike either
                    if token:
                        tokens.append(token)
                        starts.append(start)
                if frame is not None:
                    self._close(frame, stack)
            while not right():
                if not up():
                    if end < len(data):
                        self._hidden(end, len(data), stack)
                    if b"\r" in data:  # how lines end is formatting, in texts and macros too
                        tokens[:] = [
                            token.replace(b"\r\n", b"\n").rstrip(b"\r") or b"\n" for token in tokens
                        ]
                    return self.found
                closing = stack.pop()
                if closing == _LOOSE:
                    continue
                if isinstance(closing, int):
                    starts.append(start)  # of the last token: where a comment ends must not matter
                    tokens.append(closes[closing])
                    continue
                if closing.end > end:  # what is hidden here belongs to nobody after it
                    stack.append(closing)
                    self._hidden(end, closing.end, stack)
                    stack.pop()
                    start = end
                    end = closing.end
                starts.append(start)
                tokens.append(closes[closing.kind])
                self._close(closing, stack)

    def _hidden(
        self, start: int, end: int, stack: list[int | _Frame], special: Special | None = None
    ) -> None:
        """Keep the text between two leaves: the grammar hides some, and skips what it cannot read."""
        gap = self.data[start:end]
        if stack and _kind(stack[-1]) in self.grammar.texts:
            words = [gap]
        elif special is not None and special.indented:
            words = [gap[gap.find(b"\n") + 1 :]]  # the text begins with its line
        else:
            words = _CONTINUATION.sub(b" ", gap).strip(self.blanks).split()
        for word in filter(None, words):
            self.found.tokens.append(word)
            self.found.starts.append(start)

    def _ends_in_comma(self) -> bool:
        """Whether the last token is a comma behind an element: ``[,]`` and ``[1,,]`` are no formatting."""
        last = self.found.tokens[-2:]
        return len(last) > 1 and last[1] == b"," and last[0] not in _NO_ELEMENT

    def _open(self, node: Node, special: Special, stack: list[int | _Frame]) -> _Frame | None:
        """Enter a node of which the table knows; None when its inside is of no interest."""
        found = self.found
        at = len(found.tokens)
        start, end = node.start_byte, node.end_byte
        if special.verbatim:
            if start < end:
                found.tokens.append(self._quoted(self.data[start:end]))
                found.starts.append(start)
            return None
        piece = Piece(start, end, at, at)
        if special.error or (special.opaque and self._is_opaque(start, end)):
            found.unread.append((start, end))
        if special.comment:
            self._comment(piece)
            return None
        frame = _Frame(
            node.kind_id, end, piece, special.wrapper, self.names, self.scope, self.place
        )
        if special.decoration:
            found.decorations.append(piece)
            if special.attached:
                found.attached.append(piece)
        seen = (
            special.rule(node, self.place) if special.rule and len(self.names) < MAX_DEPTH else None
        )
        if seen is PROSE:
            if token := b" ".join(self.data[start:end].split()):
                found.tokens.append(self._quoted(token))
                found.starts.append(start)
            return None
        if seen is MARKUP:
            if token := _LAYOUT.sub(b"\n", self.data[start:end]).strip(b"\n"):
                found.tokens.append(token)
                found.starts.append(start)
            return None
        if seen is IMPORT:
            frame.piece = imported = Definition(start, end, at, at, parent=self.scope)
            found.imports.append(imported)
            self._inside("", local=True)
        elif seen is not None and all(seen.names):
            names = self.names + seen.names
            if seen.kind:
                kind = seen.kind
                if kind == "function" and self.scope is not None and self.scope.kind in TYPES:
                    kind = "method"
                frame.piece = definition = Definition(
                    start, end, at, at, names, tuple(filter(None, seen.also)), kind
                )
                if isinstance(seen.body, int):
                    definition.body_start, definition.body_end = seen.body, end
                elif seen.body is not None:
                    definition.body_start, definition.body_end = (
                        seen.body.start_byte,
                        seen.body.end_byte,
                    )
                definition.parent = self.scope
                found.definitions.append(definition)
                self.scope = definition
                if stack and isinstance(outer := stack[-1], _Frame) and outer.wrapper:
                    outer.inside.append(definition)
            self.names = names
            self._inside(seen.kind or self.place.scope, seen.local)
        if special.closure:
            self._inside(self.place.scope, local=True)
        return frame

    def _comment(self, piece: Piece) -> None:
        """Keep a comment, and of one that a program reads, what it reads."""
        found = self.found
        directive = self.directives.read(piece.start, piece.end, len(found.tokens))
        found.tokens += directive.tokens
        found.starts += [piece.start] * len(directive.tokens)
        piece.last = len(found.tokens)
        if not directive.is_head:
            found.comments.append(piece)

    def _is_opaque(self, start: int, end: int) -> bool:
        """Whether something may be defined in the call of a macro."""
        hides = self.grammar.language.hides
        return not self.place.local or (
            hides is not None and hides.search(self.data, start, end) is not None
        )

    def _quoted(self, token: bytes) -> bytes:
        if not self.grammar.language.quotes_alike or not (single := _SINGLE.match(token)):
            return token
        quotes = b'"' * len(single[2])
        return single[1] + quotes + single[3] + quotes

    def _inside(self, scope: str, local: bool) -> None:
        self.place = Place(self.data, self.place.local or local, scope)

    def _close(self, frame: _Frame, stack: list[int | _Frame]) -> None:
        piece = frame.piece
        piece.last = len(self.found.tokens)
        if isinstance(piece, Definition):
            piece.inner_last = piece.last - 1
        if frame.wrapper and len(frame.inside) == 1:
            definition = frame.inside[0]
            definition.start, definition.end = piece.start, piece.end
            definition.first, definition.last = piece.first, piece.last
        if frame.wrapper and stack and isinstance(outer := stack[-1], _Frame) and outer.wrapper:
            outer.inside += frame.inside
        self.names, self.scope, self.place = frame.names, frame.scope, frame.place


def _kind(outer: int | _Frame) -> int:
    """The kind of an open node."""
    return outer if isinstance(outer, int) else outer.kind


def _is_loose(outer: int | _Frame, loose: frozenset[int]) -> bool:
    """Whether round brackets directly in this node are formatting."""
    return outer == _LOOSE or (isinstance(outer, _Frame) and outer.kind in loose)
