"""Go: methods are named after their receiver, ``Recv.method``."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.replacements import Stretch
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Names,
    Place,
    Rule,
    define,
    first_named,
    function,
    imports,
    part,
    several,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_CGO = re.compile(rb'^[ \t]*(?:import\s*\(?\s*)?"C"', re.MULTILINE)
_MAX_CGO = 20
"""The most imports of C that are looked at in one file."""
_TYPES = {"struct_type": "struct", "interface_type": "interface"}


def _method(node: Node, place: Place) -> Names:
    receiver = first_named(node.child_by_field_name("receiver"))
    kind = receiver.child_by_field_name("type") if receiver is not None else None
    # func (l *List[T]) Len() is a method of List
    while kind is not None and kind.type in ("pointer_type", "generic_type", "parenthesized_type"):
        kind = kind.child_by_field_name("type") or kind.named_child(0)
    name = place.field(node, "name")
    if kind is None:
        return (name,)
    return (place.text(kind), name)


def _type(node: Node, place: Place) -> Declaration | None:
    name = place.field(node, "name")
    if not name:
        return None
    body = node.child_by_field_name("type")
    kind = _TYPES.get(body.type, "type") if body is not None else "type"
    return Declaration((name,), kind, body)


def _values(kind: str) -> Rule:
    def rule(node: Node, place: Place) -> Declaration | None:
        if place.local:
            return None
        names: list[str] = []
        for target in node.children_by_field_name("name"):
            name = place.text(target)
            # var _ Interface = ... only asks the compiler something
            if target.type == "identifier" and name != "_":
                names.append(name)
        return several(names, kind, part(node, "value"))

    return rule


def _preambles(data: bytes) -> list[Stretch]:
    """The comments right above ``import "C"``, which are C code."""
    stretches: list[Stretch] = []
    # which most files do not have, and a search for bytes is quicker than a pattern
    if b'"C"' in data:
        for match in islice(_CGO.finditer(data), _MAX_CGO):
            stretches.append((_comments_above(data, match.start()), match.start()))
    return stretches


def _comments_above(data: bytes, end: int) -> int:
    """Where the comments begin that end right above a line."""
    while end:
        start = data.rfind(b"\n", 0, end - 1) + 1
        line = data[start:end].strip()
        if line.endswith(b"*/") and (opening := data.rfind(b"/*", 0, end)) >= 0:
            start = data.rfind(b"\n", 0, opening) + 1
        elif not line.startswith(b"//"):
            break
        end = start
    return end


FACTS = LanguageFacts(
    version=2,
    extensions="go",
    uses="go",
    may_repeat="init",
    imports_in_any_order=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_go:language",
    unordered={"import_spec_list": frozenset({"import_spec"})},
    rules={
        "function_declaration": function(),
        "method_declaration": function(_method, kind="method"),
        "type_spec": _type,
        "type_alias": _type,
        "method_elem": define("method"),
        "const_spec": _values("constant"),
        "var_spec": _values("variable"),
        "import_declaration": imports,
    },
    wrappers=frozenset(
        {"type_declaration", "const_declaration", "var_declaration", "var_spec_list"}
    ),
    verbatim=frozenset({"interpreted_string_literal", "raw_string_literal", "rune_literal"}),
    closures=frozenset({"func_literal"}),
    optional=frozenset({";", "\n"}),
    strict=frozenset(
        {"for_clause", "if_statement", "expression_switch_statement", "type_switch_statement"}
    ),
    # what the compiler and its tools read, and the older form of build constraints
    directives=re.compile(
        rb"\A//(?:go:|export |extern |line |\s*\+build\b).*|\A/\*line .*", re.DOTALL
    ),
    blocks=_preambles,
)
