"""One pass over a syntax tree: the tokens that matter, and where each definition begins and ends among them.

The pass is a loop with a stack of its own, because trees can be deeper than Python calls. Hashes and
addresses are made in ``assemble``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.directives import Directives
from git_muse_coord.symbols.grammar import BOM, Grammar, Special
from git_muse_coord.symbols.languages.table import IMPORT, MARKUP, PROSE, Declaration
from git_muse_coord.symbols.layout import settle_layout
from git_muse_coord.symbols.nesting import LOOSE, Frame, Nesting, OpenNode
from git_muse_coord.symbols.walked import MAX_DEPTH, Piece, Walked

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_CLOSING = frozenset({b")", b"]", b"}"})
_NO_ELEMENT = frozenset({b"(", b"[", b"{", b","})
"""What a comma may follow without being a trailing comma."""
_LAYOUT = re.compile(rb"\s*\n\s*")
_SINGLE = re.compile(rb"(\w*)('''|')((?:[^\"\\]|\\[^\"'])*)\2\Z", re.DOTALL)
"""A text in single quotes that could as well stand in double ones: none are in it, escaped or not."""
_NAME = re.compile(rb"[\w$\x80-\xff]+")
_MAX_GROUP = 2_000
"""In longer brackets nothing is looked for, and they count."""
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
        strict = self.grammar.strict
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
                elif kind in loose and self._is_formatting(node):
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
                elif kind in brackets:
                    self._keep_bracket(brackets[kind], leaf_start)
                elif kind not in optional or _kind(stack[-1]) in strict:
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
            words = self.data[start:end].split()
            self._keep(self._quoted(b" ".join(words)), start)
            return None
        if declaration is MARKUP:
            self._keep(_LAYOUT.sub(b"\n", self.data[start:end]).strip(b"\n"), start)
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
        for word in _CONTINUATION.sub(b" ", gap).strip(self.blanks).split():
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
        self._keep(self._quoted(self.data[start:end]), start)
        # elsewhere, as the value of something, it belongs to what it stands in
        if special.attached and _kind(self.nesting.stack[-1]) in self.grammar.documented:
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
        directive = self.directives.read(piece.start, piece.end, len(walked.tokens))
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

    def _is_formatting(self, node: Node) -> bool:
        """Whether the signs directly in a node say nothing: brackets around it, or a sign in front."""
        kind = node.kind_id
        if kind in self.grammar.single:
            inside = node.named_child(0) if node.named_child_count == 1 else None
            return inside is not None and self._is_name(inside)
        sign = self.grammar.leading.get(kind)
        if sign is not None:
            first = node.child(0)
            return first is not None and first.type == sign
        grouping = self.grammar.language.grouping
        start, end = node.start_byte, node.end_byte
        if grouping is not None and (
            end - start > _MAX_GROUP or grouping.search(self.data, start, end)
        ):
            return False
        return not self._is_accessed()

    def _is_name(self, node: Node) -> bool:
        """Whether a node is nothing but one name."""
        return _NAME.fullmatch(self.data, node.start_byte, node.end_byte) is not None

    def _is_accessed(self) -> bool:
        """Whether the node around is one in which the brackets of this one count, such as ``(a?.b).c``."""
        stack = self.nesting.stack
        if not stack:
            return False
        return _kind(stack[-1]) in self.grammar.accesses

    def _is_loose(self, outer: OpenNode) -> bool:
        """Whether round brackets directly in this node are formatting."""
        if isinstance(outer, Frame):
            return outer.kind in self.grammar.loose
        return outer == LOOSE

    def _quoted(self, text: bytes) -> bytes:
        """A text in double quotes, if the language does not care which ones are there."""
        if not self.grammar.language.quotes_alike:
            return text
        single = _SINGLE.match(text)
        if single is None:
            return text
        quotes = b'"' * len(single[2])
        return single[1] + quotes + single[3] + quotes


def _kind(node: OpenNode) -> int:
    if isinstance(node, int):
        return node
    return node.kind
