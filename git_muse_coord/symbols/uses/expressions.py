"""How a language writes names, members, calls and types, and the reader that takes them apart into steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.table import clean_name
from git_muse_coord.symbols.references import (
    CALLED,
    ELEMENT,
    FOREIGN,
    MAX_STEPS,
    UNKNOWN,
    Chain,
)
from git_muse_coord.symbols.uses.written_types import TypeWords, type_name, types_in

if TYPE_CHECKING:
    from tree_sitter import Node

_MAX_PLAIN = 100
"""A longer word goes through ``clean_name``, which bounds the length of names."""


@dataclass(
    frozen=True,
    slots=True,
    kw_only=True,
)
class Expressions(TypeWords):
    """The expressions of one language. Sets and keys hold the names of grammar nodes."""

    names: frozenset[str] = frozenset({"identifier"})
    members: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """The fields of the receiver and of the name."""
    calls: Mapping[str, str] = field(default_factory=dict)
    """The field of what is called."""
    methods: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Calls that are one node with their receiver, which may be missing, and their name."""
    casts: Mapping[str, str] = field(default_factory=dict)
    """Expressions that say of what type they are, in this field."""
    through: frozenset[str] = frozenset({"parenthesized_expression"})
    """What stands around an expression and means the same."""
    literals: frozenset[str] = frozenset()
    subscripts: frozenset[str] = frozenset()
    """Expressions with an index, of which the first node is what has elements, the last the index."""
    slices: frozenset[str] = frozenset()
    """What as an index gives a part of the same sort."""
    dotted: frozenset[str] = frozenset()
    """Names of several steps that the grammar does not take apart."""


class ExpressionReader:
    """Reads the expressions of one file."""

    def __init__(self, expressions: Expressions, data: bytes) -> None:
        self.data = data
        self._expressions = expressions
        self._first_steps = expressions.names.union(expressions.here)

    def text(self, node: Node | None) -> str:
        """The text of a node as a name; empty for none."""
        if node is None:
            return ""
        raw = self.data[node.start_byte : node.end_byte]
        # most names are plain words, and to clean one takes fifteen times as long as these tests
        if raw.isalnum() and len(raw) < _MAX_PLAIN and raw.isascii():
            return raw.decode()
        return clean_name(raw)

    def field_text(self, node: Node, name: str) -> str:
        """The text of a field of a node; empty where it has none of that name."""
        return self.text(node.child_by_field_name(name))

    def chain(self, node: Node | None) -> Chain:
        """An expression as steps, of which the first is ``UNKNOWN`` where nothing is known of it."""
        written = self._expressions
        # from the last step to the first, for the outermost node is the last step
        steps: list[str] = []
        while node is not None and len(steps) < MAX_STEPS:
            kind = node.type
            if kind in self._first_steps:
                name = self.text(node)
                first_steps = written.here.get(name, (name,))
                return (*first_steps, *reversed(steps))
            # of most kinds the table says nothing, and each of them is in one place of it
            if kind in written.members:
                receiver, name = written.members[kind]
                steps.append(self.field_text(node, name) or UNKNOWN)
                node = node.child_by_field_name(receiver)
            elif kind in written.calls:
                steps.append(CALLED)
                node = node.child_by_field_name(written.calls[kind])
            elif kind in written.methods:
                receiver, name = written.methods[kind]
                steps.append(CALLED)
                steps.append(self.field_text(node, name) or UNKNOWN)
                node = node.child_by_field_name(receiver)
                if node is None:
                    return tuple(reversed(steps))
            elif kind in written.subscripts:
                if not self._is_part(node):
                    steps.append(ELEMENT)
                node = first_child(node)
            elif kind in written.through:
                # words such as `mut` stand before what has a name of its own
                node = node.child_by_field_name("value") or first_child(node)
            else:
                first_steps = self._first_steps_of(node)
                return (*first_steps, *reversed(steps))
        return (UNKNOWN, *reversed(steps))

    def _first_steps_of(self, node: Node) -> Chain:
        """How an expression begins that is no single name: a name of several steps, a cast, a literal."""
        if node.type in self._expressions.dotted:
            return type_name(self.text(node), self._expressions)
        type_field = self._expressions.casts.get(node.type)
        if type_field is not None:
            type_node = node.child_by_field_name(type_field)
            types = self.types_of(type_node)
            return types[0] if types else (UNKNOWN,)
        if node.type in self._expressions.literals:
            return (FOREIGN,)
        return (UNKNOWN,)

    def known_chain(self, node: Node | None) -> Chain:
        """An expression as steps; empty where nothing is known of it."""
        chain = self.chain(node)
        if chain[0] == UNKNOWN:
            return ()
        return chain

    def field_chain(self, node: Node, name: str) -> Chain:
        """The expression in a field of a node as steps; empty where nothing is known of it."""
        return self.known_chain(node.child_by_field_name(name))

    def _is_part(self, node: Node) -> bool:
        """Whether an expression with an index gives a part, and no element."""
        index = last_child(node)
        return index is not None and index.type in self._expressions.slices

    def types_of(self, node: Node | None) -> tuple[Chain, ...]:
        """All that a value of the type can be that a node names; nothing where it says nothing."""
        if node is None:
            return ()
        return types_in(self.text(node), self._expressions)

    def field_types(self, node: Node, name: str) -> tuple[Chain, ...]:
        """The same of the type in a field of a node."""
        return self.types_of(node.child_by_field_name(name))

    @property
    def type_words(self) -> TypeWords:
        """The names of types that the language has by itself."""
        return self._expressions

    def class_named(self, node: Node | None) -> Chain:
        """The class that a type names, without what is in its brackets; empty for none."""
        return type_name(self.text(node), self._expressions)


def children_in_field(node: Node, name: str) -> Sequence[Node]:
    """What is inside of a field of a node, without punctuation; nothing where it has none of that name."""
    inner = node.child_by_field_name(name)
    if inner is None:
        return ()
    return inner.named_children


def first_child(node: Node) -> Node | None:
    """The first node inside, punctuation apart."""
    # tree-sitter raises IndexError for a child that is not there
    if not node.named_child_count:
        return None
    return node.named_child(0)


def last_child(node: Node) -> Node | None:
    """The last node inside, punctuation apart."""
    # code that is being written can lack any part: a pattern of Rust may be but a `&`
    count = node.named_child_count
    if not count:
        return None
    return node.named_child(count - 1)
