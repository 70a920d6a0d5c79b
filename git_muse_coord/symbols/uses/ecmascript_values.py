"""What expressions of JavaScript and TypeScript are, and what patterns and loops take out of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.table import unquote
from git_muse_coord.symbols.references import (
    CALLED,
    EACH,
    ELEMENT,
    KEY,
    MAX_STEPS,
    Chain,
)
from git_muse_coord.symbols.uses.draft import Draft
from git_muse_coord.symbols.uses.expressions import first_child
from git_muse_coord.symbols.uses.table import words

if TYPE_CHECKING:
    from tree_sitter import Node

_CHOICES = ("binary_expression", "ternary_expression", "assignment_expression")
"""What one of its operands stands for."""
PATTERN_NAMES = ("identifier", "shorthand_property_identifier_pattern")
NO_PATTERN = ("member_expression", "subscript_expression")
"""What is assigned to without binding a name."""
_FOR_EACH = words(
    "forEach map filter find findIndex findLast findLastIndex some every flatMap sort toSorted"
)


def value_of_expression(node: Node | None, draft: Draft) -> Chain:
    """What an expression is; empty when it says nothing."""
    for _ in range(MAX_STEPS):
        if node is None or node.type not in _CHOICES:
            break
        # of `a || b` and `a = b` the right side, of `a ? b : c` what it gives first
        node = node.child_by_field_name("right") or node.child_by_field_name("consequence")
    if node is None or node.type in ("null", "undefined"):
        return ()
    return draft.known_chain(node)


def declared_values(node: Node, draft: Draft) -> tuple[Chain, ...]:
    """What is declared for a name: what its type says, or else its value."""
    types = draft.field_types(node, "type")
    if types:
        return types
    value = node.child_by_field_name("value")
    return (value_of_expression(value, draft),)


def take_apart(pattern: Node, values: tuple[Chain, ...], draft: Draft) -> None:
    """``{key, key: name}`` of a value; of all else in a pattern nothing is known."""
    known = [value for value in values if value]
    for part in pattern.named_children:
        key = part.child_by_field_name("key") or part
        local = part.child_by_field_name("value") or part
        is_plain = pattern.type == "object_pattern" and local.type in PATTERN_NAMES
        # nobody knows what `{[key]: name}` takes
        if not is_plain or key.type == "computed_property_name":
            draft.bind_pattern(part, PATTERN_NAMES, NO_PATTERN)
            continue
        name = unquote(draft.text(key))
        members = [(*value, name) for value in known]
        draft.bind(draft.text(local), *members)


def elements_given(above: Sequence[Node], draft: Draft) -> tuple[Chain, ...]:
    """What a function is given first that a container is told to call for each element; nothing for all others.

    ``above`` are the nodes around the function.
    """
    call = above[-2] if len(above) > 1 else None
    if call is None or call.type != "call_expression":
        return ()
    called = call.child_by_field_name("function")
    if called is None or called.type != "member_expression":
        return ()
    holder = draft.field_chain(called, "object")
    if not holder or draft.field_text(called, "property") not in _FOR_EACH:
        return ()
    return ((*holder, ELEMENT),)


def bind_loop_names(node: Node, draft: Draft) -> None:
    """Bind the names of a loop to what is taken out of what it goes over."""
    left = node.child_by_field_name("left")
    holder = _entries(node.child_by_field_name("right"), draft)
    # `for (name in holder)` goes over the keys
    is_of = any(child.type == "of" for child in node.children)
    if left is None or not holder or not is_of:
        draft.bind_pattern(left, PATTERN_NAMES, NO_PATTERN)
        return
    element = (*holder, EACH)
    if left.type == "identifier":
        draft.bind(draft.text(left), element)
    elif left.type == "array_pattern" and left.named_child_count == 2:
        # the pairs of a map
        for name, step in zip(left.named_children, (KEY, ELEMENT), strict=True):
            draft.bind_pattern(name, PATTERN_NAMES, NO_PATTERN)
            if name.type == "identifier":
                draft.bind(draft.text(name), (*holder, step))
    else:
        take_apart(left, (element,), draft)


def _entries(node: Node | None, draft: Draft) -> Chain:
    """What a loop goes over, through ``Object.entries`` and ``Object.values``; empty where nothing is known."""
    chain = draft.known_chain(node)
    if node is None or chain[:1] != ("Object",):
        return chain
    arguments = node.child_by_field_name("arguments")
    first = first_child(arguments) if arguments is not None else None
    holder = draft.known_chain(first)
    # an object that is used as a map is asked as a map is
    if holder and chain == ("Object", "values", CALLED):
        return (*holder, "values", CALLED)
    return holder
