"""JavaScript, TypeScript and TSX: modules of both sorts, ``this``, classes, annotated parameters and fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols.languages.table import unquote
from git_muse_coord.symbols.references import (
    CALLED,
    CLASS,
    FOREIGN,
    FUNCTIONS,
    MAX_STEPS,
    STAR,
    SUPER,
    UNKNOWN,
    Chain,
)
from git_muse_coord.symbols.uses.table import Uses, words

if TYPE_CHECKING:
    from tree_sitter import Node

    from git_muse_coord.symbols.collect import Collector

_NAMES = frozenset({"identifier", "type_identifier", "shorthand_property_identifier"})
_HOLDERS = frozenset(
    {"variable_declarator", "pair", "assignment_expression", "field_definition"}
) | {"public_field_definition"}
_CHOICES = ("binary_expression", "ternary_expression", "assignment_expression")
"""What one of its operands stands for."""
_RESULTS = 4
_COMMON = words(
    "add all any append apply at bind call catch clear close concat copy delete emit end entries every"
    " exec filter find findIndex finally flat flatMap forEach get has includes indexOf join keys"
    " lastIndexOf length map match next off on once open parse pop push race read reduce reject remove"
    " replace replaceAll reset resolve reverse search set shift slice some sort splice split start"
    " startsWith endsWith stop stringify substring test then toFixed toISOString toLowerCase toString"
    " toUpperCase trim unshift update value valueOf values write"
)


def _import(node: Node, to: Collector) -> bool:
    module = unquote(to.text(node.child_by_field_name("source")))
    for clause in node.named_children if module else ():
        for each in clause.named_children if clause.type == "import_clause" else ():
            if each.type == "identifier":
                to.imported(to.text(each), module, "default", node)
            elif each.type == "namespace_import":
                to.imported(to.text(each.named_child(0)), module, "", node)
            else:
                _specifiers(each, module, node, to)
    return True


def _specifiers(names: Node, module: str, node: Node, to: Collector) -> None:
    for one in names.named_children:
        name, alias = (
            to.text(one.child_by_field_name("name")),
            to.text(one.child_by_field_name("alias")),
        )
        if name:
            to.imported(alias or name, module, unquote(name), node)


def _export(node: Node, to: Collector) -> None:
    module = unquote(to.text(node.child_by_field_name("source")))
    is_default = any(each.type == "default" for each in node.children)
    declared = node.child_by_field_name("declaration") or node.child_by_field_name("value")
    if is_default and declared is not None:
        name = declared.child_by_field_name("name")
        to.bind("default", (to.text(name),) if name is not None else _value(declared, to))
    for each in node.named_children:
        if each.type == "export_clause" and module:
            _specifiers(each, module, node, to)
        elif each.type == "export_clause":
            _renamed(each, to)
        elif each.type == "namespace_export":
            to.imported(to.text(each.named_child(0)), module, "", node)
    if module and any(each.type == "*" for each in node.children):
        to.imported(STAR, module, STAR, node)


def _renamed(clause: Node, to: Collector) -> None:
    for one in clause.named_children:
        to.use(Use.NAME, (to.text(one.child_by_field_name("name")),), one)
        if alias := to.text(one.child_by_field_name("alias")):
            to.bind(unquote(alias), (to.text(one.child_by_field_name("name")),))


def _value(node: Node | None, to: Collector) -> Chain:
    for _ in range(MAX_STEPS):
        if node is None or node.type not in _CHOICES:
            break
        node = node.child_by_field_name("right") or node.child_by_field_name("consequence")
    if node is None or node.type in ("null", "undefined"):
        return ()
    chain = to.chain(node)
    return chain if chain[0] != UNKNOWN else ()


def _typed(node: Node | None, to: Collector) -> Chain:
    return to.typed(to.text(node)) if node is not None else ()


def _required(node: Node | None, to: Collector) -> str:
    """The module that a call of ``require`` names."""
    if (
        node is None
        or node.type != "call_expression"
        or to.text(node.child_by_field_name("function")) != "require"
    ):
        return ""
    arguments = node.child_by_field_name("arguments")
    return (
        unquote(to.text(arguments.named_child(0)))
        if arguments is not None and arguments.named_child_count
        else ""
    )


def _declarator(node: Node, to: Collector) -> None:
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name is None:
        return
    if module := _required(value, to):
        if name.type == "identifier":
            to.imported(to.text(name), module, "", node)
        for each in name.named_children:
            key = each.child_by_field_name("key") or each
            to.imported(
                to.text(each.child_by_field_name("value") or each), module, to.text(key), node
            )
    elif name.type == "identifier":
        to.hold(to.text(name), _typed(node.child_by_field_name("type"), to) or _value(value, to))
    else:
        _pattern(name, to)


def _pattern(node: Node | None, to: Collector) -> None:
    """Names that are bound to what is not known."""
    waiting = [node] if node is not None else []
    while waiting:
        one = waiting.pop()
        if one.type in ("identifier", "shorthand_property_identifier_pattern"):
            to.bind(to.text(one))
        elif one.type not in ("member_expression", "subscript_expression"):
            waiting += one.named_children


def _parameters(node: Node, to: Collector) -> None:
    owner = to.around
    for each in node.named_children:
        pattern, annotation = (
            each.child_by_field_name("pattern") or each,
            each.child_by_field_name("type"),
        )
        if pattern.type != "identifier":
            _pattern(pattern, to)
            continue
        to.bind(to.text(pattern), _typed(annotation, to))
        if owner >= 0 and any(inner.type == "accessibility_modifier" for inner in each.children):
            to.bind(to.text(pattern), _typed(annotation, to), at=owner)


def _function(node: Node, to: Collector) -> None:
    parent = to.parent
    if node.type in _CLOSURES and not (
        parent is not None and parent.type in _HOLDERS and to.current.kind in FUNCTIONS
    ):
        to.enter()
    _pattern(node.child_by_field_name("parameter"), to)
    result = _typed(node.child_by_field_name("return_type"), to)
    body = node.child_by_field_name("body")
    if (
        not result
        and node.type == "arrow_function"
        and body is not None
        and body.type != "statement_block"
    ):
        result = _value(body, to)
    if result:
        to.current.results.append(result)
    to.current.is_property = any(each.type == "get" for each in node.children)


def _return(node: Node, to: Collector) -> None:
    value = _value(node.named_child(0), to) if node.named_child_count else ()
    results = to.found.scopes[to.space].results
    if value and value[0] != FOREIGN and value not in results and len(results) < _RESULTS:
        results.append(value)


def _heritage(node: Node, to: Collector) -> None:
    for each in node.named_children:
        if each.type in ("implements_clause", "extends_clause", "extends_type_clause"):
            for one in each.named_children:
                if one.type != "type_arguments":
                    to.base(to.chain(one), node)
        else:
            to.base(to.chain(each), node)


def _field(node: Node, to: Collector) -> None:
    name = node.child_by_field_name("name") or node.child_by_field_name("property")
    value = _typed(node.child_by_field_name("type"), to) or _value(
        node.child_by_field_name("value"), to
    )
    to.hold(to.text(name), value)


def _assignment(node: Node, to: Collector) -> None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None:
        return
    text = to.text(left)
    if text == "module.exports":
        to.bind("default", _value(right, to), at=0)
    elif left.type == "identifier":
        to.bind(text, _value(right, to))
    elif text.startswith("this.") and text.count(".") == 1 and (owner := to.class_around) >= 0:
        to.bind(text[5:], _value(right, to), at=owner)


def _loop(node: Node, to: Collector) -> None:
    _pattern(node.child_by_field_name("left"), to)


def _element(node: Node, to: Collector) -> None:
    """``<Name />`` uses a component; a name in lower case is an element of the page."""
    name = node.child_by_field_name("name")
    chain = to.chain(name)
    if len(chain) > 1 or chain[0][:1].isupper():
        to.use(Use.NAME, chain, node)


def _catch(node: Node, to: Collector) -> None:
    _pattern(node.child_by_field_name("parameter"), to)


_CLOSURES = frozenset({"arrow_function", "function_expression", "generator_function", "function"})
_FUNCTIONS = _CLOSURES | {
    "function_declaration",
    "generator_function_declaration",
    "method_definition",
}
_SIGNATURES = {"method_signature", "abstract_method_signature", "function_signature"}

USES = Uses(
    names=_NAMES,
    members={
        "member_expression": ("object", "property"),
        "nested_identifier": ("object", "property"),
        "nested_type_identifier": ("module", "name"),
    },
    calls={"call_expression": "function", "new_expression": "constructor"},
    through=frozenset(
        {"parenthesized_expression", "await_expression", "non_null_expression", "as_expression"}
    )
    | {"satisfies_expression", "generic_type", "instantiation_expression"},
    literals=frozenset(
        {"string", "template_string", "number", "regex", "array", "object", "true", "false"}
    )
    | {"arrow_function", "function_expression"},
    silent=frozenset({"name", "key", "alias", "label"}),
    here={"this": (CLASS, CALLED), "super": (SUPER,)},
    handlers={
        "import_statement": _import,
        "export_statement": _export,
        "variable_declarator": _declarator,
        "formal_parameters": _parameters,
        **dict.fromkeys((*_FUNCTIONS, *_SIGNATURES), _function),
        "return_statement": _return,
        "class_heritage": _heritage,
        "extends_type_clause": _heritage,
        "public_field_definition": _field,
        "field_definition": _field,
        "property_signature": _field,
        "assignment_expression": _assignment,
        "for_in_statement": _loop,
        "catch_clause": _catch,
        "jsx_opening_element": _element,
        "jsx_self_closing_element": _element,
    },
    constructors=("constructor",),
    modules="ecmascript",
    containers=frozenset({"Promise", "Readonly", "Partial", "Required", "NonNullable", "Awaited"}),
    primitives=words("string number boolean void never symbol bigint undefined null"),
    common=_COMMON,
)
