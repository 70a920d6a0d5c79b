"""Go: packages are directories, methods stand outside of their types, embedded types are inherited."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from git_muse_coord.symbols.references import (
    ELEMENT,
    ITEMS,
    KEY,
    STAR,
    Chain,
)
from git_muse_coord.symbols.uses.draft import Draft
from git_muse_coord.symbols.uses.expressions import children_in_field, first_child
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
    name = steps.pop()
    # `a/v2` is version 2 of package a
    is_version = name[:1] == "v" and name[1:].isdigit()
    if is_version and steps:
        name = steps.pop()
    # `gopkg.in/yaml.v3` has its version in the name
    plain, _, _ = name.partition(".")
    return plain


def _parameters(node: Node, draft: Draft) -> None:
    """Names with their types; of unnamed ones, which are results, the first says what a call gives."""
    parent = draft.parent
    if parent is not None and parent.child_by_field_name("result") == node:
        first = first_child(node)
        if first is not None:
            results = draft.field_types(first, "type")
            draft.note_result(*results)
    for parameter in node.named_children:
        types = draft.field_types(parameter, "type")
        if parameter.type.startswith("variadic"):
            # what is given to it arrives as a slice
            types = tuple((*chain, ITEMS) for chain in types)
        for name in parameter.children_by_field_name("name"):
            draft.bind(draft.text(name), *types)


def _function(node: Node, draft: Draft) -> None:
    if node.type == "func_literal":
        draft.open_closure()
    result = node.child_by_field_name("result")
    # a list of results is read with the parameters
    if result is not None and result.type != "parameter_list":
        results = draft.types_of(result)
        draft.note_result(*results)


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
    if left is not None:
        names = left.named_children
    else:
        names = node.children_by_field_name("name")
    values = _declared_values(node, names)
    types = draft.field_types(node, "type")
    # a call can give several values, so that there may be more names than values
    for name, value in zip_longest(names, values[: len(names)]):
        if name.type != "identifier":
            continue
        meant = types or _value(value, draft)
        draft.assign(draft.text(name), *meant)


def _declared_values(node: Node, names: Sequence[Node]) -> list[Node | None]:
    """The values of ``a, b := c, d`` and of ``var a, b T = c, d``, in their order; None for what is no value."""
    right = node.child_by_field_name("right")
    if right is None and node.child_by_field_name("left") is not None:
        return []
    holder = right or node.child_by_field_name("value") or node
    # without a list of values the names themselves are what is inside of the node
    own = {name.id for name in names}
    values: list[Node | None] = []
    for child in holder.named_children:
        values.append(child if child.id not in own else None)
    return values


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
        arguments = children_in_field(node, "arguments")
        first = arguments[0] if arguments else None
        # these are given the type of what they make
        if name in ("make", "new"):
            return draft.types_of(first)
        # what is appended to is what comes back
        if name == "append":
            node = first
    return (draft.known_chain(node),)


def _range(node: Node, draft: Draft) -> None:
    """``for key, value := range holder``."""
    holder = draft.field_chain(node, "right")
    names = children_in_field(node, "left")
    # of one name alone it is the key
    for name, step in zip(names, (KEY, ELEMENT), strict=False):
        if name.type == "identifier":
            taken = (*holder, step) if holder else ()
            draft.bind(draft.text(name), taken)


def _unknown(node: Node, draft: Draft) -> None:
    # of `switch name := value.(type)`, where each case has a type of its own
    names = children_in_field(node, "left") or children_in_field(node, "alias")
    for name in names:
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
