"""How a language writes names, members, calls and types, and the reader that takes them apart into steps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.table import clean_name
from git_muse_coord.symbols.references import CALLED, FOREIGN, MAX_STEPS, UNKNOWN, Chain

if TYPE_CHECKING:
    from tree_sitter import Node

_MAX_PLAIN = 100
"""A longer word goes through ``clean_name``, which bounds the length of names."""
_TYPE = re.compile(
    # marks and words in front of a type that do not change which one it is
    r"(?:[&*:?\s]|'\w+\s|\b(?:mut|dyn|impl|readonly|final|const)\s)*"
    # its name, and what follows: arguments, other choices
    r"([A-Za-z_$][\w$]*(?:(?:\.|::)[A-Za-z_$][\w$]*)*)\s*(.*)\Z",
    re.DOTALL,
)
_SEPARATOR = re.compile(r"\.|::")
_OR_NULL = re.compile(r"\s*\|\s*(?:null|undefined)\b")
_MAX_BRACKETS = 4
"""At most so many containers around a type are looked into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expressions:
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
    here: Mapping[str, Chain] = field(default_factory=dict)
    """Names with a meaning of their own, such as ``this``."""
    containers: frozenset[str] = frozenset()
    """Types that stand for the one in their brackets."""
    primitives: frozenset[str] = frozenset()
    """Types that the language has by itself."""


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
            if member := written.members.get(kind):
                receiver, name = member
                steps.append(self.field_text(node, name) or UNKNOWN)
                node = node.child_by_field_name(receiver)
            elif called := written.calls.get(kind):
                steps.append(CALLED)
                node = node.child_by_field_name(called)
            elif method := written.methods.get(kind):
                receiver, name = method
                steps.append(CALLED)
                steps.append(self.field_text(node, name) or UNKNOWN)
                node = node.child_by_field_name(receiver)
                if node is None:
                    return tuple(reversed(steps))
            elif kind in written.through:
                node = first_child(node)
            else:
                first_steps = self._without_name(node)
                return (*first_steps, *reversed(steps))
        return (UNKNOWN, *reversed(steps))

    def _without_name(self, node: Node) -> Chain:
        """The first steps of an expression that begins with no name: a cast, a literal, or what is not known."""
        type_field = self._expressions.casts.get(node.type)
        if type_field is not None:
            type_node = node.child_by_field_name(type_field)
            return self.instance_of(type_node) or (UNKNOWN,)
        if node.type in self._expressions.literals:
            return (FOREIGN,)
        return (UNKNOWN,)

    def known_chain(self, node: Node | None) -> Chain:
        """An expression as steps; empty where nothing is known of it."""
        chain = self.chain(node)
        if chain[0] == UNKNOWN:
            return ()
        return chain

    def instance_of(self, node: Node | None) -> Chain:
        """An instance of the type that a node names; empty where it names more than one or none."""
        text = self.text(node)
        for _ in range(_MAX_BRACKETS):
            match = _TYPE.match(text)
            if match is None:
                return ()
            name, behind = match.groups()
            steps = _SEPARATOR.split(name)
            behind = _OR_NULL.sub("", behind)
            is_container = steps[-1] in self._expressions.containers
            if is_container and behind.startswith(("<", "[")):
                text = _first_argument(behind)
                continue
            return self._instance(steps, behind)
        return ()

    def _instance(self, steps: list[str], behind: str) -> Chain:
        first, *rest = steps
        is_primitive = not rest and first in self._expressions.primitives
        if is_primitive or behind.endswith("[]"):
            return (FOREIGN,)
        # Another type stands behind it: which of them is meant is not known.
        if behind and not behind.startswith(("<", "[")):
            return ()
        first_steps = self._expressions.here.get(first, (first,))
        return (*first_steps, *rest, CALLED)


def _first_argument(brackets: str) -> str:
    closing = ">" if brackets[0] == "<" else "]"
    inside = brackets[1:].rpartition(closing)[0]
    return inside.partition(",")[0]


def named_children(node: Node | None) -> Sequence[Node]:
    """What is inside of a node, without punctuation; nothing in none."""
    if node is None:
        return ()
    return node.named_children


def first_child(node: Node) -> Node | None:
    """The first node inside, punctuation apart."""
    # tree-sitter raises IndexError for a child that is not there
    if not node.named_child_count:
        return None
    return node.named_child(0)
