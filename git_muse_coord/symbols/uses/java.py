"""Java: packages are directories, types are written down, members are seen by their bare names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols.references import (
    CALLED,
    CLASS,
    CLASSES,
    CONSTRUCTOR,
    FOREIGN,
    STAR,
    SUPER,
    UNKNOWN,
    Chain,
)
from git_muse_coord.symbols.uses.table import Uses, words

if TYPE_CHECKING:
    from tree_sitter import Node

    from git_muse_coord.symbols.collect import Collector


def _import(node: Node, to: Collector) -> bool:
    """``import a.B`` means a file, ``a.*`` a directory, ``static a.B.c`` a member of what is in a file."""
    module = to.text(node.named_child(0))
    package, _, name = module.rpartition(".")
    is_star = any(each.type == "asterisk" for each in node.children)
    if any(each.type == "static" for each in node.children):
        owner = module if is_star else package
        hidden = f"<{owner}>"
        to.imported(hidden, owner, owner.rpartition(".")[2], node)
        if not is_star:
            to.bind(name, (hidden, name), at=0)
    elif is_star:
        to.imported(STAR, module, STAR, node)
    else:
        to.imported(name, module, name, node)
    return True


def _typed(node: Node | None, to: Collector) -> Chain:
    return to.typed(to.text(node)) if node is not None else ()


def _class(node: Node, to: Collector) -> None:
    """What stands behind ``extends`` and ``implements``."""
    waiting = list(node.named_children)
    while waiting:
        one = waiting.pop(0)
        if one.type == "type_list":
            waiting += one.named_children
        elif chain := _typed(one, to):
            to.base(chain[:-1] or (UNKNOWN,), node)


def _method(node: Node, to: Collector) -> None:
    if result := _typed(node.child_by_field_name("type"), to):
        to.current.results.append(result)


def _variable(node: Node, to: Collector) -> None:
    """A field, which is a symbol, or a local variable; ``var`` is what its value is."""
    parent = to.parent
    typed = _typed(parent.child_by_field_name("type") if parent is not None else None, to)
    value = node.child_by_field_name("value")
    if typed == ("var", CALLED) and value is not None:
        chain = to.chain(value)
        typed = chain if chain[0] != UNKNOWN else ()
    if node.child_by_field_name("dimensions") is not None:
        typed = (FOREIGN,)
    if to.current.kind in CLASSES or to.current.kind != "field":
        to.bind(to.text(node.child_by_field_name("name")), typed)
    elif typed:
        to.current.results.append(typed)


def _parameter(node: Node, to: Collector) -> None:
    to.bind(to.text(node.child_by_field_name("name")), _typed(node.child_by_field_name("type"), to))


def _caught(node: Node, to: Collector) -> None:
    kinds = next((each for each in node.named_children if each.type == "catch_type"), None)
    to.bind(to.text(node.child_by_field_name("name")), _typed(kinds, to))


def _lambda(node: Node, to: Collector) -> None:
    to.enter()
    parameters = node.child_by_field_name("parameters")
    if parameters is not None and parameters.type == "identifier":
        to.bind(to.text(parameters))
    elif parameters is not None and parameters.type == "inferred_parameters":
        for each in parameters.named_children:
            to.bind(to.text(each))


def _reference(node: Node, to: Collector) -> bool:
    """``Type::method``."""
    if node.named_child_count == 2:
        to.use(Use.NAME, (*to.chain(node.named_child(0)), to.text(node.named_child(1))), node)
    return True


def _annotation(node: Node, to: Collector) -> None:
    to.use(Use.NAME, to.chain(node.child_by_field_name("name")), node)


USES = Uses(
    names=words("identifier type_identifier"),
    members={"field_access": ("object", "field")},
    methods={"method_invocation": ("object", "name")},
    calls={"object_creation_expression": "type"},
    casts={"cast_expression": "type"},
    through=words("parenthesized_expression generic_type annotated_type"),
    literals=words(
        "string_literal decimal_integer_literal decimal_floating_point_literal character_literal true false"
        " array_access array_creation_expression lambda_expression class_literal binary_expression"
    ),
    silent=words("name key label"),
    here={"this": (CLASS, CALLED), "super": (SUPER,)},
    handlers={
        "import_declaration": _import,
        "superclass": _class,
        "super_interfaces": _class,
        "extends_interfaces": _class,
        "method_declaration": _method,
        "variable_declarator": _variable,
        "formal_parameter": _parameter,
        "resource": _parameter,
        "enhanced_for_statement": _parameter,
        "instanceof_expression": _parameter,
        "catch_formal_parameter": _caught,
        "lambda_expression": _lambda,
        "method_reference": _reference,
        "annotation": _annotation,
        "marker_annotation": _annotation,
    },
    constructors=(CONSTRUCTOR,),
    modules="java",
    class_names_seen=True,
    package_names_seen=True,
    containers=words("Optional"),
    primitives=words(
        "boolean byte char double float int long short void String Object Integer Long Boolean Double"
    ),
    common=words(
        "add addAll append build clear close contains containsKey equals forEach get getClass getKey"
        " getName getValue hasNext hashCode isEmpty iterator length map next of put read remove set size"
        " stream toArray toString valueOf values write"
    ),
)
