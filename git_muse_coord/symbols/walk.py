"""One pass over a syntax tree: the tokens that matter, and where each definition begins and ends among them.

The pass is a loop with a stack of its own, because trees can be deeper than Python calls. Hashes and
addresses are made in ``assemble``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols import texts
from git_muse_coord.symbols.directives import Directives
from git_muse_coord.symbols.grammar import BOM, Grammar, Special
from git_muse_coord.symbols.languages.table import (
    IMPORT,
    MARKUP,
    PROSE,
    Declaration,
)
from git_muse_coord.symbols.layout import settle_layout
from git_muse_coord.symbols.nesting import (
    LOOSE,
    Frame,
    Nesting,
    OpenNode,
)
from git_muse_coord.symbols.walked import MAX_DEPTH, Piece, Walked

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_CLOSING = frozenset({b")", b"]", b"}"})
_NO_ELEMENT = frozenset({b"(", b"[", b"{", b","})
"""What a comma may follow without being a trailing comma."""
_BEHIND = 20
"""So many bytes behind a text in quotes tell whether it is a key."""
_CONTINUATION = re.compile(rb"\\\r?\n")
"""A line end that is none."""


class Walk:
    """The state of one pass."""

    def __init__(self, grammar: Grammar, data: bytes) -> None:
        self.grammar = grammar
        self.data = data
        self.walked = Walked()
        self.nesting = Nesting(data, self.walked)
        self.directives = Directives(grammar.language, data)
        self.blanks = b" \t\r\n\f" + b"".join(map(str.encode, grammar.language.optional))
        self.blanks_count = bool(grammar.texts)

    def run(self, tree: Tree) -> Walked:
        """Walk the whole tree.

        The loop turns once a node. So it keeps in locals what it needs, and calls functions of ours
        only for the few nodes of which the table says something, for brackets, and for text that no
        leaf covers.
        """
        data = self.data
        stack = self.nesting.stack
        specials = self.grammar.specials
        closes = self.grammar.closes
        brackets = self.grammar.brackets
        optional = self.grammar.optional
        loose = self.grammar.loose
        settled = self.grammar.settled
        blanks_count = self.blanks_count
        tokens = self.walked.tokens
        starts = self.walked.starts
        cursor = tree.walk()
        down = cursor.goto_first_child
        right = cursor.goto_next_sibling
        up = cursor.goto_parent
        leaf_start = 0
        end = len(BOM) if data.startswith(BOM) else 0  # of all that was passed so far
        while True:
            node = cursor.node
            assert node is not None  # noqa: S101 - a cursor always stands on a node
            kind = node.kind_id
            special = specials[kind]
            if special is None:
                frame = None
            else:
                frame = self._open(node, special, end)
                end = max(end, node.start_byte)

            if special is not None and frame is None:  # taken as a whole
                leaf_start = starts[-1] if starts else 0
                end = node.end_byte
            elif down():
                if frame is not None:
                    stack.append(frame)
                elif kind in loose and loose[kind](node, self._around(), data):
                    stack.append(LOOSE)
                else:
                    stack.append(kind)
                continue
            else:
                leaf_start = node.start_byte
                if leaf_start > end and (blanks_count or not data[end:leaf_start].isspace()):
                    self._keep_gap(end, leaf_start)
                end = node.end_byte
                if end == leaf_start:
                    if node.is_missing:
                        self.walked.unread.append((end, end))
                elif kind in optional and not self._counts(kind):
                    pass
                elif kind in brackets:
                    self._keep_bracket(brackets[kind], leaf_start)
                else:
                    # the very text, because what has no name is not always spelled alike either
                    tokens.append(data[leaf_start:end])
                    starts.append(leaf_start)
                if frame is not None:
                    self.nesting.leave(frame)

            while not right():
                if not up():
                    self._finish(end)
                    return self.walked
                closing = stack.pop()
                if closing == LOOSE:
                    continue
                if isinstance(closing, int):
                    tokens.append(closes[closing])
                    # where the last leaf begins: where a comment ends must not matter
                    starts.append(leaf_start)
                    continue
                if closing.piece.end > end:  # text hidden here belongs to nobody behind the node
                    self._keep_gap(end, closing.piece.end, closing)
                    leaf_start = end
                    end = closing.piece.end
                if closing.kind in settled:
                    settle_layout(
                        cursor.node, self.grammar.language, self.walked, closing.piece.first
                    )
                tokens.append(closes[closing.kind])
                starts.append(leaf_start)
                self.nesting.leave(closing)

    def _open(
        self,
        node: Node,
        special: Special,
        gap_start: int,
    ) -> Frame | None:
        """Enter a node of which the table knows; None where it was taken as a whole.

        Before it, what stands between ``gap_start`` and the node is kept.
        """
        start, end = node.start_byte, node.end_byte
        if special.indented:
            self._keep_indentation(gap_start, start)
        elif start > gap_start:
            self._keep_gap(gap_start, start)
        if special.verbatim:
            self._keep_verbatim(start, end, special)
            return None
        if special.unparsed:
            for word in texts.words_of_code(self.data[start:end]):
                self._keep(word, start)
            return None

        first = len(self.walked.tokens)
        piece = Piece(start, end, first, first)
        if special.error or (special.opaque and self._is_opaque(start, end)):
            self.walked.unread.append((start, end))
        if special.comment:
            self._keep_comment(piece)
            return None
        if special.decoration:
            self.walked.decorations.append(piece)
            if special.attached:
                self.walked.attached.append(piece)

        declaration = self._declaration(node, special)
        if declaration is PROSE:
            prose = self._quoted(texts.flowing_text(self.data[start:end]))
            self._keep(prose, start)
            return None
        if declaration is MARKUP:
            markup = texts.settled_markup(self.data[start:end])
            self._keep(markup, start)
            return None
        frame = self.nesting.frame(node.kind_id, piece, is_wrapper=special.wrapper)
        if declaration is IMPORT:
            self.nesting.enter_import(frame)
        elif declaration is not None and all(declaration.names):
            self.nesting.enter_declaration(frame, declaration)
        if special.closure:
            self.nesting.enter_closure()
        return frame

    def _declaration(self, node: Node, special: Special) -> Declaration | None:
        """What the rule for a node sees in it."""
        if special.rule is None or len(self.nesting.names) >= MAX_DEPTH:
            return None
        return special.rule(node, self.nesting.place)

    def _finish(self, end: int) -> None:
        """Keep what stands behind the last leaf, and let all lines end alike."""
        size = len(self.data)
        if end < size:
            self._keep_gap(end, size)
        if b"\r" not in self.data:
            return
        tokens = self.walked.tokens
        # how lines end is formatting, in texts and macros too
        for number, token in enumerate(tokens):
            unix = token.replace(b"\r\n", b"\n").rstrip(b"\r")
            tokens[number] = unix or b"\n"

    def _keep(self, token: bytes, start: int) -> None:
        """Keep a token, unless it is empty."""
        if token:
            self.walked.tokens.append(token)
            self.walked.starts.append(start)

    def _keep_gap(
        self,
        start: int,
        end: int,
        around: OpenNode | None = None,
    ) -> None:
        """Keep the text between two leaves: the grammar hides some, and skips what it cannot read.

        ``around`` is the node that it lies in, if not the innermost open one.
        """
        gap = self.data[start:end]
        if gap.isspace() and not self.blanks_count:
            return
        stack = self.nesting.stack
        if around is None and stack:
            around = stack[-1]
        if around is not None and _kind(around) in self.grammar.texts:
            self._keep(gap, start)
            return
        words = _CONTINUATION.sub(b" ", gap).strip(self.blanks)
        for word in words.split():
            self._keep(word, start)

    def _keep_indentation(self, start: int, end: int) -> None:
        """Keep what stands in front of a text that begins with its line, not at its first letter."""
        line_start = self.data.find(b"\n", start, end) + 1
        first = max(start, line_start)
        self._keep(self.data[first:end], start)

    def _keep_verbatim(
        self,
        start: int,
        end: int,
        special: Special,
    ) -> None:
        """Keep a text as it stands. One that documents what follows is part of that."""
        tokens = self.walked.tokens
        first = len(tokens)
        self._keep(self._text(start, end), start)
        if not special.attached:
            return
        # elsewhere, as the value of something, it belongs to what it stands in
        if _kind(self.nesting.stack[-1]) in self.grammar.documented:
            piece = Piece(start, end, first, len(tokens))
            self.walked.attached.append(piece)
            self.walked.decorations.append(piece)

    def _keep_bracket(self, bracket: bytes, start: int) -> None:
        """Keep a bracket, unless it is formatting; a trailing comma before it is."""
        tokens = self.walked.tokens
        starts = self.walked.starts
        outer = self.nesting.stack[-1]
        # a trailing comma stands before a closing bracket only
        if bracket in _CLOSING and self._ends_in_comma():
            is_meant = _kind(outer) in self.grammar.commas
            if not is_meant:
                tokens.pop()
                starts.pop()
        if not self._is_loose(outer):
            tokens.append(bracket)
            starts.append(start)

    def _ends_in_comma(self) -> bool:
        """Whether the last token is a comma behind an element: ``[,]`` and ``[1,,]`` are no formatting."""
        tokens = self.walked.tokens
        if len(tokens) < 2 or tokens[-1] != b",":
            return False
        return tokens[-2] not in _NO_ELEMENT

    def _keep_comment(self, piece: Piece) -> None:
        """Keep a comment, and of one that a program reads, what it reads."""
        walked = self.walked
        before = len(walked.tokens)
        directive = self.directives.read(piece.start, piece.end, before)
        walked.tokens += directive.tokens
        walked.starts += [piece.start] * len(directive.tokens)
        piece.last = len(walked.tokens)
        if not directive.is_head:
            walked.comments.append(piece)

    def _is_opaque(self, start: int, end: int) -> bool:
        """Whether something may be defined in the call of a macro."""
        if not self.nesting.place.local:
            return True
        hides = self.grammar.language.hides
        if hides is None:
            return False
        return hides.search(self.data, start, end) is not None

    def _around(self) -> str:
        """The kind of the innermost open node; empty at the top, and directly in what says nothing."""
        stack = self.nesting.stack
        number = _kind(stack[-1]) if stack else LOOSE
        return "" if number == LOOSE else self.grammar.names[number]

    def _counts(self, kind: int) -> bool:
        """Whether a token that mostly says nothing does so here."""
        around = _kind(self.nesting.stack[-1])
        separated = self.grammar.separators.get(kind)
        if separated is not None:
            return around not in separated
        return around in self.grammar.strict

    def _is_loose(self, outer: OpenNode) -> bool:
        """Whether round brackets directly in this node are formatting."""
        if isinstance(outer, Frame):
            return outer.kind in self.grammar.loose
        return outer == LOOSE

    def _text(self, start: int, end: int) -> bytes:
        """A verbatim text in the one form that all its spellings share."""
        language = self.grammar.language
        text = self._quoted(self.data[start:end])
        if language.folded is not None and b"\n" in text:
            text = language.folded.sub(b"", text)
        if self._around() in language.keys:
            behind = self.data[end : end + _BEHIND]
            return texts.bare_key(text, behind)
        return text

    def _quoted(self, text: bytes) -> bytes:
        """A text in double quotes, if the language does not care which ones are there."""
        return texts.in_double_quotes(text) if self.grammar.language.quotes_alike else text


def _kind(node: OpenNode) -> int:
    if isinstance(node, int):
        return node
    return node.kind
