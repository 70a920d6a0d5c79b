"""Where a pass over a syntax tree stands: in which definition, under which names, and in which nodes.

Every definition that the tables see is noted here, with the definition around it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from git_muse_coord.symbols.languages.facts import TYPES
from git_muse_coord.symbols.languages.table import Declaration, Place
from git_muse_coord.symbols.walked import Definition, Piece, Walked

LOOSE = -1
"""On the stack, a node that is nothing but round brackets around another: formatters add and remove them."""


@dataclass(slots=True, eq=False)
class Frame:
    """An open node that is more than punctuation, and what to restore when it closes."""

    kind: int
    piece: Piece
    is_wrapper: bool
    names: tuple[str, ...]
    scope: Definition | None
    place: Place
    wrapped: list[Definition] = field(default_factory=list)
    """The definitions directly inside a wrapper."""


OpenNode = int | Frame
"""A frame, or of a node about which nothing but its kind matters the number of that kind.

Most nodes are of the latter sort, and a number costs no memory and next to no time.
"""


class Nesting:
    """The open nodes of one pass, and what they mean for the nodes inside."""

    def __init__(self, data: bytes, walked: Walked) -> None:
        self._data = data
        self._walked = walked
        self.stack: list[OpenNode] = []
        self.names: tuple[str, ...] = ()
        self.scope: Definition | None = None
        self.place = Place(data, False, "")

    def frame(
        self,
        kind: int,
        piece: Piece,
        *,
        is_wrapper: bool,
    ) -> Frame:
        """A frame for a node, with what is to be restored behind it."""
        return Frame(
            kind,
            piece,
            is_wrapper,
            self.names,
            self.scope,
            self.place,
        )

    def enter_import(self, frame: Frame) -> None:
        """Let a frame be that of an import."""
        piece = frame.piece
        imported = Definition(
            piece.start,
            piece.end,
            piece.first,
            piece.last,
            parent=self.scope,
        )
        frame.piece = imported
        self._walked.imports.append(imported)
        self._enter("", local=True)

    def enter_declaration(self, frame: Frame, declaration: Declaration) -> None:
        """Let a frame be that of a definition, or of a mere scope where the declaration has no kind."""
        self.names += declaration.names
        if declaration.kind:
            definition = self._definition(frame.piece, declaration)
            frame.piece = definition
            self._walked.definitions.append(definition)
            self.scope = definition
            outer = self._wrapper()
            if outer is not None:
                outer.wrapped.append(definition)
        self._enter(declaration.kind or self.place.scope, declaration.local)

    def enter_closure(self) -> None:
        """Take the variables inside for local ones."""
        self._enter(self.place.scope, local=True)

    def leave(self, frame: Frame) -> None:
        """Close the node of a frame, which is no longer on the stack."""
        piece = frame.piece
        piece.last = len(self._walked.tokens)
        if isinstance(piece, Definition):
            # the last token says only that the node ends
            piece.inner_last = piece.last - 1
        if frame.is_wrapper:
            self._unwrap(frame)
        self.names = frame.names
        self.scope = frame.scope
        self.place = frame.place

    def _definition(self, piece: Piece, declaration: Declaration) -> Definition:
        kind = declaration.kind
        if kind == "function" and self.scope is not None and self.scope.kind in TYPES:
            kind = "method"
        further_names = filter(None, declaration.also)
        definition = Definition(
            piece.start,
            piece.end,
            piece.first,
            piece.last,
            self.names,
            tuple(further_names),
            kind,
            parent=self.scope,
        )
        body = declaration.body
        if isinstance(body, int):  # where it begins, in a language that ends it with the definition
            definition.body_start = body
            definition.body_end = piece.end
        elif body is not None:
            definition.body_start = body.start_byte
            definition.body_end = body.end_byte
        return definition

    def _unwrap(self, frame: Frame) -> None:
        """Give what stands around a definition, such as ``export``, to the definition."""
        # of several, the wrapper belongs to none: const ( A = 1; B = 2 )
        if len(frame.wrapped) == 1:
            (definition,) = frame.wrapped
            around = frame.piece
            definition.start = around.start
            definition.end = around.end
            definition.first = around.first
            definition.last = around.last
        outer = self._wrapper()
        if outer is not None:
            outer.wrapped += frame.wrapped

    def _wrapper(self) -> Frame | None:
        """The innermost open node, if it is a wrapper."""
        if not self.stack:
            return None
        outer = self.stack[-1]
        if isinstance(outer, Frame) and outer.is_wrapper:
            return outer
        return None

    def _enter(self, scope: str, local: bool) -> None:
        is_local = local or self.place.local
        self.place = Place(self._data, is_local, scope)
