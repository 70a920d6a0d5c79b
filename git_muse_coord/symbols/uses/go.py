"""Go: packages are directories, methods stand outside of their types, embedded types are inherited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from git_muse_coord.symbols.references import (
    ELEMENT,
    ITEMS,
    KEY,
    STAR,
    Chain,
)
from git_muse_coord.symbols.uses.draft import Draft
from git_muse_coord.symbols.uses.expressions import first_child, named_children
from git_muse_coord.symbols.uses.table import Uses, words

if TYPE_CHECKING:
    from tree_sitter import Node


def _import(node: Node, draft: Draft) -> bool:
    module = draft.field_text(node, "path").strip('"`')
    alias = draft.field_text(node, "name")
    if alias == ".":
        draft.bind_import(STAR, module, STAR, node)
    elif alias != "_":
        draft.bind_import(alias or _package_name(module), module, "", node)
    return True


def _package_name(module: str) -> str:
    """The name of a package, which as a rule is the last step of its path."""
    steps = module.split("/")
    # `a/v2` is version 2 of package a
    is_version = steps[-1][:1] == "v" and steps[-1][1:].isdigit()
    name = steps[-2] if is_version and len(steps) > 1 else steps[-1]
    return name.partition(".")[0]


def _parameters(node: Node, draft: Draft) -> None:
    """Names with their types; of unnamed ones, which are results, the first says what a call gives."""
    parent = draft.parent
    if parent is not None and parent.child_by_field_name("result") == node:
        first = first_child(node)
        if first is not None:
            draft.note_result(*draft.types_of(first.child_by_field_name("type")))
    for parameter in node.named_children:
        types = draft.types_of(parameter.child_by_field_name("type"))
        if parameter.type.startswith("variadic"):
            types = tuple((*chain, ITEMS) for chain in types)
        for name in parameter.children_by_field_name("name"):
            draft.bind(draft.text(name), *types)


def _function(node: Node, draft: Draft) -> None:
    if node.type == "func_literal":
        draft.open_closure()
    result = node.child_by_field_name("result")
    # a list of results is read with the parameters
    if result is not None and result.type != "parameter_list":
        draft.note_result(*draft.types_of(result))


def _field(node: Node, draft: Draft) -> None:
    kind = node.child_by_field_name("type")
    types = draft.types_of(kind)
    names = node.children_by_field_name("name")
    for name in names:
        draft.bind(draft.text(name), *types)
    if not names and kind is not None:
        # an embedded type is a base, and a field of its own name
        chain = draft.chain(kind)
        draft.note_base(chain, node)
        draft.bind(chain[-1], *types)


def _declaration(node: Node, draft: Draft) -> None:
    """``a, b := f()``: only the first is known; with a type all are."""
    left = node.child_by_field_name("left")
    names = left.named_children if left is not None else node.children_by_field_name("name")
    values = _declared_values(node, names)
    types = draft.types_of(node.child_by_field_name("type"))
    for number, name in enumerate(names):
        if name.type != "identifier":
            continue
        value = values[number] if number < len(values) else None
        draft.assign(draft.text(name), *(types or _value(value, draft)))


def _declared_values(node: Node, names: Sequence[Node]) -> list[Node | None]:
    """The values of ``a, b := c, d`` and of ``var a, b T = c, d``, in their order; None for what is no value."""
    right = node.child_by_field_name("right")
    if right is None and node.child_by_field_name("left") is not None:
        return []
    holder = right or node.child_by_field_name("value") or node
    # without a list of values the names themselves are what is inside of the node
    own = {name.id for name in names}
    return [None if child.id in own else child for child in holder.named_children]


def _value(node: Node | None, draft: Draft) -> tuple[Chain, ...]:
    """What an expression is; of a container, what its type says."""
    if node is None:
        return ()
    if node.type == "composite_literal":
        made = node.child_by_field_name("type")
        if made is not None and made.type in _CONTAINERS:
            return draft.types_of(made)
    if node.type == "call_expression":
        name = draft.field_text(node, "function")
        first = next(iter(named_children(node.child_by_field_name("arguments"))), None)
        if name in ("make", "new"):
            return draft.types_of(first)
        # what is appended to is what comes back
        if name == "append":
            node = first
    return (draft.known_chain(node),)


def _range(node: Node, draft: Draft) -> None:
    """``for key, value := range holder``."""
    holder = draft.known_chain(node.child_by_field_name("right"))
    names = named_children(node.child_by_field_name("left"))
    for name, step in zip(names, (KEY, ELEMENT), strict=False):
        if name.type == "identifier":
            draft.bind(draft.text(name), (*holder, step) if holder else ())


def _unknown(node: Node, draft: Draft) -> None:
    left = node.child_by_field_name("left") or node.child_by_field_name("alias")
    for name in named_children(left):
        if name.type == "identifier":
            draft.bind(draft.text(name))


_CONTAINERS = words("map_type slice_type array_type")

USES = Uses(
    names=words("identifier type_identifier package_identifier"),
    members={"selector_expression": ("operand", "field"), "qualified_type": ("package", "name")},
    calls={
        "call_expression": "function",
        "composite_literal": "type",
        "type_conversion_expression": "type",
    },
    casts={"type_assertion_expression": "type"},
    subscripts=words("index_expression"),
    through=frozenset(
        {
            "parenthesized_expression",
            "unary_expression",
            "slice_expression",
            "pointer_type",
            "generic_type",
            "type_instantiation_expression",
        }
    ),
    literals=frozenset(
        {
            "interpreted_string_literal",
            "raw_string_literal",
            "int_literal",
            "float_literal",
            "rune_literal",
            "true",
            "false",
            "func_literal",
            *_CONTAINERS,
            "binary_expression",
        }
    ),
    silent=words("name label"),
    handlers={
        "import_spec": _import,
        "parameter_list": _parameters,
        "function_declaration": _function,
        "method_declaration": _function,
        "method_elem": _function,
        "func_literal": _function,
        "field_declaration": _field,
        "short_var_declaration": _declaration,
        "var_spec": _declaration,
        "range_clause": _range,
        "type_switch_statement": _unknown,
    },
    modules="go",
    package_names_seen=True,
    primitives=words(
        "string bool byte rune error int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 float32"
        " float64 func chan struct uintptr"
    ),
    common=words("Close Error Len Less Lock Read Reset String Swap Unlock Write"),
)
