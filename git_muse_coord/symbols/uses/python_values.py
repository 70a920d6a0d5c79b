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
from git_muse_coord.symbols.uses.expressions import (
    children_in_field,
    first_child,
    last_child,
)

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
    container = _passed(node, draft)
    return draft.known_chain(container)


def _passed(node: Node, draft: Draft) -> Node:
    """The container that is passed on by functions such as ``sorted``."""
    for _ in range(MAX_STEPS):
        if node.type != "call":
            break
        arguments = node.child_by_field_name("arguments")
        if arguments is None or draft.field_text(node, "function") not in _PASSING:
            break
        first = first_child(arguments)
        if first is None:
            break
        node = first
    return node


def _choice(node: Node) -> Node | None:
    """What stands for the value of ``a or b`` and of ``a if condition else b``."""
    first = first_child(node)
    # `Cart() if condition else None`, but also `None if condition else Cart()`
    if node.type == "conditional_expression" and first and first.type != "none":
        return first
    return last_child(node)


def bind_loop(node: Node, draft: Draft) -> None:
    """Bind the names of ``for`` to what is taken out of what it goes over."""
    target = node.child_by_field_name("left")
    source = node.child_by_field_name("right")
    if target is None or source is None:
        return
    if target.type == "identifier":
        taken = _taken(source, EACH, draft)
        draft.bind(draft.text(target), taken)
        return
    values = iter(_side_by_side(source, draft))
    for inner in target.named_children:
        # one can stand between the names, in brackets
        if inner.type == "comment":
            continue
        value = next(values, ())
        if inner.type == "identifier":
            draft.bind(draft.text(inner), value)
        else:
            draft.bind_pattern(inner, NAME_NODES, NO_NAME_NODES)


def _taken(node: Node, step: str, draft: Draft) -> Chain:
    """What is taken out of the value of an expression; empty where nothing is known of it."""
    container = _passed(node, draft)
    chain = draft.known_chain(container)
    if not chain:
        return ()
    return (*chain, step)


def _side_by_side(source: Node, draft: Draft) -> list[Chain]:
    """What each name stands for in a loop over pairs: ``x.items()``, ``enumerate(x)``, ``zip(x, y)``."""
    called = source.child_by_field_name("function")
    if source.type != "call" or called is None:
        return []
    if called.type == "attribute" and draft.field_text(called, "attribute") == "items":
        holder = called.child_by_field_name("object")
        if holder is None:
            return []
        key = _taken(holder, KEY, draft)
        value = _taken(holder, ELEMENT, draft)
        return [key, value]
    name = draft.text(called)
    arguments = children_in_field(source, "arguments")
    if name == "enumerate" and arguments:
        # the number is nothing of this tree
        return [(FOREIGN,), _taken(arguments[0], EACH, draft)]
    if name == "zip":
        return [_taken(argument, EACH, draft) for argument in arguments]
    return []
