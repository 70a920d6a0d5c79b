"""F#: functions and values of modules, types with their cases, fields and members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import TYPES, LanguageFacts
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Names,
    Place,
    by_kind,
    child,
    define,
    dotted,
    imports,
    scope,
    several,
    value,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_BEHIND = 200
"""So many bytes behind a case tell whether another one follows."""


def _definition(node: Node, place: Place) -> Declaration | None:
    """A function by its name; a value by all names that its pattern binds."""
    if place.local:
        return None
    body = node.child_by_field_name("body")
    head = child(node, "function_declaration_left")
    if head is not None:
        names = _named(head, place)
        return Declaration(names, "function", body, local=True) if names else None
    pattern = child(node, "value_declaration_left")
    names = tuple(_bound(pattern, place))
    kind = "field" if place.scope in TYPES else "value"
    bound = several(names, kind, body)
    return bound._replace(local=True) if bound is not None else None


def _named(head: Node, place: Place) -> Names:
    """The name of a function, also of an operator ``(+.)`` and of an active pattern ``(|Even|Odd|)``."""
    name = child(head, "identifier", "op_identifier", "active_pattern", "long_identifier_or_op")
    return (place.text(name).strip("()` "),) if name is not None else ()


def _bound(pattern: Node | None, place: Place) -> list[str]:
    names: list[str] = []
    pending = [pattern]
    while pending:
        node = pending.pop()
        if node is None:
            continue
        if node.type == "long_identifier_or_op":
            names.append(place.text(node))
        elif node.type not in ("simple_type", "attributes"):
            pending += reversed(node.named_children)
    return names


def _type_name(node: Node, place: Place) -> Names:
    name = child(node, "type_name")
    return (place.field(name, "type_name"),) if name is not None else ()


def _union(node: Node, place: Place) -> Declaration | None:
    """The grammar takes ``type Id = int`` for a union of one case."""
    cases = node.child_by_field_name("block")
    case = child(cases, "union_type_case") if cases is not None else None
    is_alias = case is not None and _is_alias(case, place)
    return Declaration(_type_name(node, place), "type" if is_alias else "union", cases)


def _case(node: Node, place: Place) -> Declaration | None:
    name = child(node, "identifier")
    if name is None or _is_alias(node, place):
        return None
    return Declaration((place.text(name),), "variant")


def _is_alias(case: Node, place: Place) -> bool:
    """Whether a case stands alone, without a bar in front and without fields."""
    around = place.before(case)
    behind = place.data[case.end_byte : case.end_byte + _BEHIND].lstrip()
    return case.named_child_count == 1 and around.endswith(b"=") and not behind.startswith(b"|")


def _member(node: Node, place: Place) -> Declaration | None:
    inner = child(
        node,
        "method_or_prop_defn",
        "member_signature",
        "additional_constr_defn",
        "property_or_ident",
    )
    if inner is None:
        return None
    if inner.type == "additional_constr_defn":
        return Declaration(("new",), "method", local=True)
    named = inner.child_by_field_name("name") or inner
    name = named.child_by_field_name("method") or child(named, "identifier")
    if name is None:
        return None
    # abstract members have a type and no parameters, so that they count as properties
    is_method = inner.child_by_field_name("args") is not None
    return Declaration(
        (place.text(name),), "method" if is_method else "property", name.end_byte, local=True
    )


FACTS = LanguageFacts(
    extensions="fs fsx",
    package="tree_sitter_fsharp",
    last_definition_counts=True,
    has_overloads=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_fsharp:language",
    rules={
        "import_decl": imports,
        "namespace": scope(dotted(by_kind("long_identifier"))),
        "module_defn": define("module", by_kind("identifier"), "block"),
        "function_or_value_defn": _definition,
        "anon_type_defn": define("class", _type_name, "block"),
        "record_type_defn": define("record", _type_name, "block"),
        "union_type_defn": _union,
        "enum_type_defn": define("enum", _type_name, "enum_type_cases"),
        "delegate_type_defn": define("type", _type_name, "block"),
        "type_abbrev_defn": define("type", _type_name, "block"),
        "interface_type_defn": define("interface", _type_name, "block"),
        "type_extension": define("extension", _type_name, "type_extension_elements"),
        "union_type_case": _case,
        "enum_type_case": define("constant", by_kind("identifier"), ""),
        "record_field": value("field", by_kind("identifier"), ""),
        "exception_definition": define("type", by_kind("long_identifier"), ""),
        "interface_implementation": define("interface", by_kind("simple_type"), "block"),
        "member_defn": _member,
    },
    comments=frozenset({"line_comment", "block_comment", "xml_doc"}),
    verbatim=frozenset({"string", "triple_quoted_string", "verbatim_string", "char"}),
    wrappers=frozenset({"declaration_expression", "type_definition"}),
    decorations=frozenset({"attributes"}),
    closures=frozenset({"fun_expression", "function_expression"}),
)
