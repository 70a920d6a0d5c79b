"""Python: functions, classes, assignments of modules and classes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.looseness import brackets
from git_muse_coord.symbols.languages.replacements import Stretch
from git_muse_coord.symbols.languages.table import (
    PROSE,
    Declaration,
    Language,
    Place,
    define,
    function,
    imports,
    part,
    several,
)

if TYPE_CHECKING:
    from tree_sitter import Node


_SCRIPT = re.compile(
    rb"^# /// [a-zA-Z0-9-]+\r?\n(?:#(?!\ ///\s)[^\n]*\n)*# ///[ \t\r]*$", re.MULTILINE
)
_PATTERNS = ("pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern")

_WITH_TUPLES = ("assignment", "return_statement", "yield", "for_statement")
"""Nodes in which a tuple needs no brackets."""


def _assignment(node: Node, place: Place) -> Declaration | None:
    """``a = b = 1`` is one node with another inside."""
    # the outer one has named this already; parent takes as long as the node is deep
    if place.before(node).endswith(b"="):
        return None
    names: list[str] = []
    right: Node | None = node
    while right is not None and right.type == "assignment":
        names += _bound(right.child_by_field_name("left"), place)
        right = right.child_by_field_name("right")
    if names and right is not None and right.type == "lambda":
        return Declaration(
            (names[0],),
            "function",
            right,
            local=True,
            also=tuple(names[1:]),
        )
    if place.local:
        return None
    return several(names, _kind(names, place), right)


def _kind(names: list[str], place: Place) -> str:
    if place.scope == "class":
        return "field"
    # the convention of PEP 8: the language has no constants
    is_constant = len(names) == 1 and names[0].isupper()
    return "constant" if is_constant else "variable"


def _bound(pattern: Node | None, place: Place) -> list[str]:
    """The names to which a pattern gives values."""
    names: list[str] = []
    pending = [pattern]
    while pending:
        node = pending.pop()
        if node is None:
            continue
        # a.b = 1 and a[0] = 1 bind no name
        if node.type == "identifier":
            names.append(place.text(node))
        elif node.type in _PATTERNS:
            pending += reversed(node.named_children)
    return names


def _statement(node: Node, _place: Place) -> Declaration | None:
    """A docstring is re-indented together with what it documents."""
    only = node.child(0) if node.child_count == 1 else None
    return PROSE if only is not None and only.type == "string" else None


def _type_alias(node: Node, place: Place) -> Declaration | None:
    left = node.child_by_field_name("left")
    name = place.text(left).partition("[")[0].strip()
    if not name:
        return None
    return Declaration((name,), "type", part(node, "right"))


def _scripts(data: bytes) -> list[Stretch]:
    """What runners read of a script: its dependencies, in comments between ``# /// script`` and ``# ///``."""
    # which most files do not have, and a search for bytes is quicker than a pattern
    if b"# /// " not in data:
        return []
    return [match.span() for match in _SCRIPT.finditer(data)]


def _is_bare_tuple(node: Node, around: str, data: bytes) -> bool:
    return around in _WITH_TUPLES and _has_several(node, around, data)


def _has_several(node: Node, _around: str, _data: bytes) -> bool:
    # (1,) is no 1
    return node.named_child_count > 1


FACTS = LanguageFacts(
    version=4,
    extensions="py pyi pyw",
    files="SConstruct",
    interpreters="python pypy",
    uses="python",
    last_definition_counts=True,
    signatures_are_read=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_python:language",
    rules={
        "function_definition": function(),
        "class_definition": define("class"),
        "assignment": _assignment,
        "type_alias_statement": _type_alias,
        "expression_statement": _statement,
        "import_statement": imports,
        "import_from_statement": imports,
        "future_import_statement": imports,
    },
    wrappers=frozenset({"decorated_definition", "expression_statement"}),
    decorations=frozenset({"decorator"}),
    closures=frozenset({"lambda"}),
    # a backslash at the end of a line is a blank
    optional=frozenset({";", "line_continuation"}),
    # black puts brackets around what it breaks into lines
    loose={
        "parenthesized_expression": brackets(),
        "tuple": _is_bare_tuple,
        "expression_list": _has_several,
        "import_from_statement": brackets(),
        "future_import_statement": brackets(),
    },
    quotes_alike=True,
    # a[1,] asks for a tuple
    commas=frozenset({"subscript"}),
    heads=re.compile(rb"\A#!.*|\A#.*?coding[:=].*|\A#\s*(?:cython|distutils):.*"),
    directives=re.compile(rb"\A#\s*gazelle:.*"),
    blocks=_scripts,
)
