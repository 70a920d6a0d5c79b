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
from git_muse_coord.symbols.uses.draft import Draft
from git_muse_coord.symbols.uses.table import Uses, words

if TYPE_CHECKING:
    from tree_sitter import Node


def _import(node: Node, draft: Draft) -> bool:
    """``import a.B`` means a file, ``a.*`` a directory, ``static a.B.c`` a member of what is in a file."""
    module = draft.text(node.named_child(0))
    package, _, name = module.rpartition(".")
    tokens = {child.type for child in node.children}
    is_star = "asterisk" in tokens
    if "static" in tokens:
        owner = module if is_star else package
        # a name that no code can say, for the class itself is not brought in
        hidden = f"<{owner}>"
        draft.bind_import(hidden, owner, owner.rpartition(".")[2], node)
        if not is_star:
            draft.bind(name, (hidden, name), at=0)
    elif is_star:
        draft.bind_import(STAR, module, STAR, node)
    else:
        draft.bind_import(name, module, name, node)
    return True


def _bases(node: Node, draft: Draft) -> None:
    """What stands behind ``extends`` and ``implements``."""
    waiting = list(node.named_children)
    while waiting:
        base = waiting.pop(0)
        if base.type == "type_list":
            waiting += base.named_children
            continue
        instance = draft.instance_of(base)
        if instance:
            # the class itself is what all but the last step says, which makes an instance
            draft.note_base(instance[:-1] or (UNKNOWN,), node)


def _method(node: Node, draft: Draft) -> None:
    draft.note_result(draft.instance_of(node.child_by_field_name("type")))


def _variable(node: Node, draft: Draft) -> None:
    """A field, which is a symbol, or a local variable."""
    typed = _variable_type(node, draft)
    if draft.current.kind in CLASSES or draft.current.kind != "field":
        draft.bind(draft.field_text(node, "name"), typed)
    else:
        draft.note_result(typed)


def _variable_type(node: Node, draft: Draft) -> Chain:
    if node.child_by_field_name("dimensions") is not None:
        # an array, whatever it holds
        return (FOREIGN,)
    # the type stands once before all variables of a declaration
    parent = draft.parent
    typed = draft.instance_of(parent.child_by_field_name("type")) if parent is not None else ()
    value = node.child_by_field_name("value")
    if typed == ("var", CALLED) and value is not None:
        return draft.known_chain(value)
    return typed


def _parameter(node: Node, draft: Draft) -> None:
    typed = draft.instance_of(node.child_by_field_name("type"))
    draft.bind(draft.field_text(node, "name"), typed)


def _caught(node: Node, draft: Draft) -> None:
    kinds = next((child for child in node.named_children if child.type == "catch_type"), None)
    draft.bind(draft.field_text(node, "name"), draft.instance_of(kinds))


def _lambda(node: Node, draft: Draft) -> None:
    draft.open_closure()
    parameters = node.child_by_field_name("parameters")
    if parameters is None:
        return
    if parameters.type == "identifier":
        draft.bind(draft.text(parameters))
    elif parameters.type == "inferred_parameters":
        for parameter in parameters.named_children:
            draft.bind(draft.text(parameter))


def _reference(node: Node, draft: Draft) -> bool:
    """``Type::method``."""
    if node.named_child_count == 2:
        receiver, name = node.named_children
        draft.note_use(Use.NAME, (*draft.chain(receiver), draft.text(name)), node)
    return True


def _annotation(node: Node, draft: Draft) -> None:
    draft.note_use(Use.NAME, draft.chain(node.child_by_field_name("name")), node)


USES = Uses(
    names=words("identifier type_identifier"),
    members={"field_access": ("object", "field")},
    methods={"method_invocation": ("object", "name")},
    calls={"object_creation_expression": "type"},
    casts={"cast_expression": "type"},
    through=words("parenthesized_expression generic_type annotated_type"),
    literals=frozenset(
        {
            "string_literal",
            "decimal_integer_literal",
            "decimal_floating_point_literal",
            "character_literal",
            "true",
            "false",
            "array_access",
            "array_creation_expression",
            "lambda_expression",
            "class_literal",
            "binary_expression",
        }
    ),
    silent=words("name key label"),
    here={"this": (CLASS, CALLED), "super": (SUPER,)},
    handlers={
        "import_declaration": _import,
        "superclass": _bases,
        "super_interfaces": _bases,
        "extends_interfaces": _bases,
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
