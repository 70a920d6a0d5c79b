"""What expressions of Python are, and what loops take out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.references import (
    EACH,
    ELEMENT,
    FOREIGN,
    KEY,
    MAX_STEPS,
    Chain,
)
from git_muse_coord.symbols.uses.draft import Draft
from git_muse_coord.symbols.uses.expressions import first_child, named_children

if TYPE_CHECKING:
    from tree_sitter import Node


_CHOICES = ("boolean_operator", "conditional_expression")
_PASSING = frozenset({"sorted", "reversed", "list", "tuple", "set", "frozenset", "iter"})
"""Functions that give what they are given, in a container of another sort or order."""
NAME_NODES = ("identifier",)
NO_NAME_NODES = ("attribute", "subscript", "call")
"""What is assigned to without binding a name."""


def value_of(node: Node | None, draft: Draft) -> Chain:
    """What an expression is; empty when it says nothing."""
    for _ in range(MAX_STEPS):
        if node is None or node.type not in _CHOICES:
            break
        node = _choice(node)
    if node is None or node.type == "none":
        return ()
    return draft.known_chain(_passed(node, draft))


def _passed(node: Node, draft: Draft) -> Node:
    """The container that is passed on by functions such as ``sorted``."""
    for _ in range(MAX_STEPS):
        arguments = node.child_by_field_name("arguments") if node.type == "call" else None
        is_passing = arguments is not None and draft.field_text(node, "function") in _PASSING
        first = first_child(arguments) if arguments is not None and is_passing else None
        if first is None:
            break
        node = first
    return node


def _choice(node: Node) -> Node | None:
    """What stands for the value of ``a or b`` and of ``a if condition else b``."""
    first = node.named_child(0)
    if node.type == "conditional_expression" and first and first.type != "none":
        return first
    return node.named_child(node.named_child_count - 1)


def bind_loop(node: Node, draft: Draft) -> None:
    """Bind the names of ``for`` to what is taken out of what it goes over."""
    target = node.child_by_field_name("left")
    source = node.child_by_field_name("right")
    if target is None or source is None:
        return
    if target.type == "identifier":
        draft.bind(draft.text(target), _taken(source, EACH, draft))
        return
    targets = list(filter(_is_no_comment, target.named_children))
    values = _side_by_side(source, draft)
    for number, inner in enumerate(targets):
        if inner.type == "identifier":
            value = values[number] if number < len(values) else ()
            draft.bind(draft.text(inner), value)
        else:
            draft.bind_pattern(inner, NAME_NODES, NO_NAME_NODES)


def _is_no_comment(node: Node) -> bool:
    return node.type != "comment"


def _taken(node: Node, step: str, draft: Draft) -> Chain:
    """What is taken out of the value of an expression; empty where nothing is known of it."""
    chain = draft.known_chain(_passed(node, draft))
    return (*chain, step) if chain else ()


def _side_by_side(source: Node, draft: Draft) -> list[Chain]:
    """What each name stands for in a loop over pairs: ``x.items()``, ``enumerate(x)``, ``zip(x, y)``."""
    called = source.child_by_field_name("function") if source.type == "call" else None
    arguments = list(named_children(source.child_by_field_name("arguments")))
    if called is None:
        return []
    if called.type == "attribute" and draft.field_text(called, "attribute") == "items":
        holder = called.child_by_field_name("object")
        return [_taken(holder, KEY, draft), _taken(holder, ELEMENT, draft)] if holder else []
    name = draft.text(called)
    if name == "enumerate" and arguments:
        return [(FOREIGN,), _taken(arguments[0], EACH, draft)]
    if name == "zip":
        return [_taken(argument, EACH, draft) for argument in arguments]
    return []
