"""What a language table is made of: the nodes that are comments, imports, definitions, and their names.

A table holds only names of grammar nodes and small functions over nodes; the walk itself is in
``walk``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from git_muse_coord.symbols.languages.looseness import Looseness
from git_muse_coord.symbols.languages.replacements import Repair, Stretch

if TYPE_CHECKING:
    from tree_sitter import Node

    from git_muse_coord.symbols.walked import Walked

_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_QUOTES = ('"', "'", "`")
_ESCAPED_QUOTE = re.compile(r"\\([\"'`])")
_MAX_NAME = 200
"""Letters of a name that are kept."""
_BEFORE = 200
"""Bytes in front of a node that are looked at."""


Names = tuple[str, ...]
"""A name as its steps, the outermost first; or several names beside each other, where that is said."""


class Declaration(NamedTuple):
    """What a rule saw in a node: a symbol, or a scope only when ``kind`` is empty."""

    names: Names
    kind: str
    body: Node | int | None = None
    """The node, or the byte from which on all of the definition is body."""
    local: bool = False
    """Variables inside are local, and no symbols."""
    also: Names = ()
    """Further names for the same node, as in ``a, b = 1, 2``."""


IMPORT = Declaration((), "<imports>")
PROSE = Declaration((), "<prose>")
"""The node is text in which line breaks and indentation mean nothing."""
MARKUP = Declaration((), "<markup>")
"""The node is text as JSX has it: blanks with a line break among them mean nothing, others are shown."""


class Place(NamedTuple):
    """Where a rule looks: the source, and what encloses the node."""

    data: bytes
    local: bool
    scope: str
    """The kind of the enclosing symbol, empty at the top."""

    def text(self, node: Node | None) -> str:
        """The text of a node as a name: one line, without control characters."""
        if node is None:
            return ""
        # the bytes of our own: a node would ask the reader of the parser for its text, which is gone
        return clean_name(self.data[node.start_byte : node.end_byte])

    def field(self, node: Node, name: str) -> str:
        """The text of a field as a name; empty where the node has no such field."""
        return self.text(node.child_by_field_name(name))

    def before(self, node: Node) -> bytes:
        """The last words in front of a node. To ask for its parent takes as long as it is deep."""
        start = node.start_byte
        words = self.data[max(0, start - _BEFORE) : start]
        return words.rstrip(b" \t\r\n\\")


Doubts = Callable[[bytes, "Walked"], int]
Rule = Callable[["Node", Place], Declaration | None]
Namer = Callable[["Node", Place], Names]


@dataclass(
    frozen=True,
    slots=True,
    kw_only=True,
)
class Language:
    """The table of one language. Sets hold the names of grammar nodes."""

    grammar: str
    """``module:function`` of the wheel."""
    rules: Mapping[str, Rule] = field(default_factory=dict)
    comments: frozenset[str] = frozenset({"comment", "line_comment", "block_comment"})
    verbatim: frozenset[str] = frozenset(
        {
            "string",
            "string_literal",
            "raw_string_literal",
            "char_literal",
            "string_content",
            "string_fragment",
        }
    )
    """Nodes whose text counts as it stands, whatever nodes are inside."""
    unparsed: frozenset[str] = frozenset()
    """Nodes whose text is code in which the grammar sees no tokens, such as the bodies of macros."""
    keys: frozenset[str] = frozenset()
    """Nodes in which a name may stand in quotes or without, followed by a colon."""
    folded: re.Pattern[bytes] | None = None
    """What of a verbatim text means nothing, such as an escaped line end with the blanks behind it."""
    indented: frozenset[str] = frozenset()
    """Of the verbatim ones, those to which the blanks in front belong that stand on their first line."""
    texts: frozenset[str] = frozenset()
    """Texts with more nodes inside, between which blanks count."""
    directives: re.Pattern[bytes] | None = None
    """What of a comment a program reads, so that it is no mere comment."""
    heads: re.Pattern[bytes] = re.compile(rb"\A#!.*")
    """The same for comments before all code."""
    blocks: Callable[[bytes], list[Stretch]] | None = None
    """Finds the stretches of a file in which all of every comment is read by a program."""
    wrappers: frozenset[str] = frozenset()
    """Nodes around a definition that belong to it: ``export``, ``template<>``, decorators."""
    decorations: frozenset[str] = frozenset()
    attached: frozenset[str] = frozenset()
    """Decorations that stand before the definition as its siblings."""
    documented: frozenset[str] = frozenset()
    """Nodes directly in which a text that is both verbatim and attached documents what follows."""
    opaque: frozenset[str] = frozenset()
    """Nodes that can define what they do not show: calls of macros."""
    hides: re.Pattern[bytes] | None = None
    """What must be in such a node if it stands inside of a function."""
    closures: frozenset[str] = frozenset()
    """Nameless functions: variables inside are local."""
    repair: Repair | None = None
    """What to read otherwise in a second try, when the grammar found errors or ``doubts`` any."""
    doubts: Doubts = lambda _data, _walked: 0
    """How many definitions are not what the grammar took them for, though it found no error."""
    unclosed: tuple[bytes, bytes] | None = None
    """Brackets that the grammar cannot bear open by the thousand: it takes memory by the square of their number."""
    deadly: re.Pattern[bytes] | None = None
    """What the grammar does not survive: it writes beyond its memory, and takes the process with it."""
    optional: frozenset[str] = frozenset()
    """Tokens that a formatter may add or leave out."""
    strict: frozenset[str] = frozenset()
    """Nodes directly in which they count nevertheless, such as the head of a loop."""
    separators: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Tokens that say nothing directly in some nodes, whose members show where they end."""
    unordered: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Nodes with those of their children that mean the same in another order, such as modifiers."""
    trailing: frozenset[str] = frozenset()
    """Nodes that may end in a comma, with no bracket behind it."""
    commas: frozenset[str] = frozenset()
    """Nodes in which a trailing comma makes a difference."""
    loose: Mapping[str, Looseness] = field(default_factory=dict)
    """Nodes that a formatter may put around something or leave out, and when they say nothing.

    Then what is nested in them shows without them, and without the brackets and ``signs`` directly in them.
    """
    signs: frozenset[str] = frozenset()
    quotes_alike: bool = False
    """Whether 'a' and "a" are the same, so that a formatter may turn one into the other."""


def clean_name(raw: bytes) -> str:
    """A name out of source text: one line, no control characters, of bounded length."""
    # no letter takes more than four bytes, so that a name of a megabyte is never decoded as a whole
    beginning = raw[: 4 * _MAX_NAME].decode("utf-8", "replace")
    name = _BLANKS.sub(" ", beginning).strip()
    return name[:_MAX_NAME]


def unquote(text: str) -> str:
    """The inside of a quoted text, in which quotes need no backslash; other text as it is."""
    quote = text[:1]
    is_quoted = len(text) >= 2 and quote in _QUOTES and text.endswith(quote)
    if not is_quoted:
        return text
    inside = _ESCAPED_QUOTE.sub(r"\1", text[1:-1])
    return inside.strip()


def child(node: Node, *kinds: str) -> Node | None:
    """The first child of one of these kinds."""
    for candidate in node.children:
        if candidate.type in kinds:
            return candidate
    return None


def first_named(node: Node | None) -> Node | None:
    """The first child that is no punctuation; None for none, and where there is no node."""
    # named_child raises for a number that is not there
    if node is None or not node.named_child_count:
        return None
    return node.named_child(0)


def last(node: Node) -> Node:
    """The last child that is no comment. Raises StopIteration where there is none."""
    # a comment behind a value is a child of the declaration too, and no value
    children = reversed(node.named_children)
    return next(inner for inner in children if "comment" not in inner.type)


def several(
    names: Sequence[str],
    kind: str,
    body: Node | None,
) -> Declaration | None:
    """One node that gives all of these names; None where there are none."""
    if not names:
        return None
    name, *also = names
    return Declaration((name,), kind, body, also=tuple(also))


def by_field(field_name: str = "name") -> Namer:
    """The text of a field as the name."""

    def name(node: Node, place: Place) -> Names:
        text = place.field(node, field_name)
        return (text,) if text else ()

    return name


def by_kind(*kinds: str) -> Namer:
    """The text of the first child of one of these kinds as the name."""

    def name(node: Node, place: Place) -> Names:
        text = place.text(child(node, *kinds))
        return (text,) if text else ()

    return name


def fixed(*names: str) -> Namer:
    """A name that the language gives by itself, such as ``init``."""
    return lambda _node, _place: names


def dotted(namer: Namer, separator: str = ".") -> Namer:
    """A qualified name as one segment a step."""

    def name(node: Node, place: Place) -> Names:
        names: list[str] = []
        for text in namer(node, place):
            # blanks may stand around a dot, and nothing before that of a name from the root
            steps = map(str.strip, text.split(separator))
            names += filter(None, steps)
        return tuple(names)

    return name


def define(
    kind: str,
    name: Namer | None = None,
    body: str = "body",
    *,
    local: bool = False,
) -> Rule:
    """A definition; ``body`` is a field, or the kind of a child where the grammar has no field."""
    namer = name or by_field()

    def rule(node: Node, place: Place) -> Declaration | None:
        names = namer(node, place)
        if not names:
            return None
        return Declaration(names, kind, part(node, body), local)

    return rule


def function(
    name: Namer | None = None,
    body: str = "body",
    kind: str = "function",
) -> Rule:
    """A definition inside which variables are local."""
    return define(kind, name, body, local=True)


def value(
    kind: str,
    name: Namer | None = None,
    body: str = "value",
) -> Rule:
    """A definition that counts only outside of functions."""
    inner = define(kind, name, body)

    def rule(node: Node, place: Place) -> Declaration | None:
        if place.local:
            return None
        return inner(node, place)

    return rule


def scope(name: Namer | None = None) -> Rule:
    """A node that is no symbol but whose name stands before those inside."""
    return define("", name)


def imports(_node: Node, place: Place) -> Declaration | None:
    """An import, which counts at the top only."""
    return None if place.local else IMPORT


def markup(_node: Node, _place: Place) -> Declaration | None:
    """Text in which only what stands around line breaks means nothing."""
    return MARKUP


def part(node: Node, name: str) -> Node | None:
    """A field, or else the first child of that kind; a keyword is none."""
    if not name:
        return None
    field_node = node.child_by_field_name(name)
    if field_node is not None:
        return field_node
    for candidate in node.named_children:
        if candidate.type == name:
            return candidate
    return None
