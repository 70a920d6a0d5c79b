"""Go: packages are directories, methods stand outside of their types, embedded types are inherited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.references import FOREIGN, STAR, UNKNOWN, Chain
from git_muse_coord.symbols.uses.table import Uses, words

if TYPE_CHECKING:
    from tree_sitter import Node

    from git_muse_coord.symbols.collect import Collector


def _import(node: Node, to: Collector) -> bool:
    module = to.text(node.child_by_field_name("path")).strip('"`')
    alias = to.text(node.child_by_field_name("name"))
    if alias == ".":
        to.imported(STAR, module, STAR, node)
    elif alias != "_":
        steps = module.split("/")
        last = (
            steps[-2]
            if len(steps) > 1 and steps[-1][:1] == "v" and steps[-1][1:].isdigit()
            else steps[-1]
        )
        to.imported(alias or last.partition(".")[0], module, "", node)
    return True


def _typed(node: Node | None, to: Collector) -> Chain:
    return to.typed(to.text(node)) if node is not None else ()


def _parameters(node: Node, to: Collector) -> None:
    """Names with their types; of unnamed ones, which are results, the first says what a call gives."""
    parent = to.parent
    if parent is not None and parent.child_by_field_name("result") == node:
        first = node.named_child(0) if node.named_child_count else None
        if first is not None and (result := _typed(first.child_by_field_name("type"), to)):
            to.current.results.append(result)
    for each in node.named_children:
        typed = (
            (FOREIGN,)
            if each.type.startswith("variadic")
            else _typed(each.child_by_field_name("type"), to)
        )
        for name in each.children_by_field_name("name"):
            to.bind(to.text(name), typed)


def _function(node: Node, to: Collector) -> None:
    if node.type == "func_literal":
        to.enter()
    result = node.child_by_field_name("result")
    if result is not None and result.type != "parameter_list" and (typed := _typed(result, to)):
        to.current.results.append(typed)


def _field(node: Node, to: Collector) -> None:
    kind = node.child_by_field_name("type")
    names = node.children_by_field_name("name")
    for name in names:
        to.bind(to.text(name), _typed(kind, to))
    if not names and kind is not None:
        chain = to.chain(kind)
        to.base(chain, node)
        to.bind(chain[-1], _typed(kind, to))


def _declaration(node: Node, to: Collector) -> None:
    """``a, b := f()``: only the first is known; with a type all are."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    names = left.named_children if left is not None else node.children_by_field_name("name")
    own = {name.id for name in names}
    values = (
        (right or node.child_by_field_name("value") or node).named_children
        if right or left is None
        else []
    )
    typed = _typed(node.child_by_field_name("type"), to)
    for number, name in enumerate(names):
        value = values[number] if number < len(values) and values[number].id not in own else None
        if name.type == "identifier":
            to.hold(to.text(name), typed or (_value(value, to) if value is not None else ()))


def _value(node: Node, to: Collector) -> Chain:
    chain = to.chain(node)
    return chain if chain[0] != UNKNOWN else ()


def _unknown(node: Node, to: Collector) -> None:
    left = node.child_by_field_name("left") or node.child_by_field_name("alias")
    for each in left.named_children if left is not None else ():
        if each.type == "identifier":
            to.bind(to.text(each))


USES = Uses(
    names=frozenset({"identifier", "type_identifier", "package_identifier"}),
    members={"selector_expression": ("operand", "field"), "qualified_type": ("package", "name")},
    calls={
        "call_expression": "function",
        "composite_literal": "type",
        "type_conversion_expression": "type",
    },
    casts={"type_assertion_expression": "type"},
    through=frozenset(
        {"parenthesized_expression", "unary_expression", "pointer_type", "generic_type"}
    )
    | {"type_instantiation_expression"},
    literals=frozenset(
        {"interpreted_string_literal", "raw_string_literal", "int_literal", "float_literal", "true"}
    )
    | {
        "false",
        "func_literal",
        "rune_literal",
        "map_type",
        "slice_type",
        "array_type",
        "binary_expression",
    },
    silent=frozenset({"name", "label"}),
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
        "range_clause": _unknown,
        "type_switch_statement": _unknown,
    },
    modules="go",
    package_names_seen=True,
    primitives=words(
        "string bool byte rune error int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 float32"
        " float64 func map chan struct uintptr"
    ),
    common=words("Close Error Len Less Lock Read Reset String Swap Unlock Write"),
)
