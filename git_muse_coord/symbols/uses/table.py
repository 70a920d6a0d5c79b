"""What a table of uses is made of: the nodes that are names, members, calls, and what else binds a name.

A table holds names of grammar nodes and small functions over nodes; the pass is in ``collect``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from git_muse_coord.symbols.references import Chain

if TYPE_CHECKING:
    from tree_sitter import Node

    from git_muse_coord.symbols.collect import Collector

Handler = Callable[["Node", "Collector"], bool | None]
"""Told of a node when the pass enters it; a definition's scope is open by then. True: there is no more inside."""


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """The uses of one language. Sets and keys hold the names of grammar nodes."""

    names: frozenset[str] = frozenset({"identifier"})
    members: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """The fields of the receiver and of the name."""
    calls: Mapping[str, str] = field(default_factory=dict)
    """The field of what is called."""
    through: frozenset[str] = frozenset({"parenthesized_expression"})
    """What stands around an expression and means the same."""
    literals: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    """Fields under which a name is no use."""
    here: Mapping[str, Chain] = field(default_factory=dict)
    """Names with a meaning of their own, such as ``this``."""
    handlers: Mapping[str, Handler] = field(default_factory=dict)
    methods: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Calls that are one node with their receiver, which may be missing, and their name."""
    casts: Mapping[str, str] = field(default_factory=dict)
    """Expressions that say of what type they are, in this field."""
    containers: frozenset[str] = frozenset()
    """Types that stand for the one in their brackets."""
    primitives: frozenset[str] = frozenset()
    """Types that the language has by itself."""
    constructors: tuple[str, ...] = ()
    """The members of which one runs when a class is called."""
    modules: str = ""
    """The way in which ``modules`` finds what is imported; empty where it does not know, and unique names count."""
    class_body_seen: bool = False
    """Whether the body of a class sees its members by their bare names, though its methods do not."""
    class_names_seen: bool = False
    """Whether the members of a class are seen from inside it by their bare names."""
    package_names_seen: bool = False
    """Whether the files of a directory see each other's names."""
    common: frozenset[str] = frozenset()
    """Members of what every program has: an unknown receiver of one says nothing."""
