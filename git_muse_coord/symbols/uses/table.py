"""What a table of uses is made of: how expressions are written, what else binds a name, and how modules are found.

A table holds names of grammar nodes and small functions over nodes; the pass is in ``collect``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from git_muse_coord.symbols.uses.draft import Draft
from git_muse_coord.symbols.uses.expressions import Expressions

if TYPE_CHECKING:
    from tree_sitter import Node

Handler = Callable[["Node", Draft], bool | None]
"""Told of a node when the pass enters it; a definition's scope is open by then. True: there is no more inside."""


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


@dataclass(
    frozen=True,
    slots=True,
    kw_only=True,
)
class Uses(Expressions):
    """The uses of one language. Sets and keys hold the names of grammar nodes."""

    silent: frozenset[str] = frozenset()
    """Fields under which a name is no use."""
    handlers: Mapping[str, Handler] = field(default_factory=dict)
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
    held_members: Mapping[str, str] = field(default_factory=dict)
    """What calls of the members of containers give: a step out of them, or into a list of what they hold."""
    element_methods: Mapping[str, str] = field(default_factory=dict)
    """For steps out of containers, the methods that do so for an instance of any class."""
    passing: frozenset[str] = frozenset()
    """Members of what every class has, whose call gives what it is called on."""
    common: frozenset[str] = frozenset()
    """Members of what every program has: an unknown receiver of one says nothing."""
