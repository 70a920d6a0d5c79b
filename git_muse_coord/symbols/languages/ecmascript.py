"""What the tables of JavaScript, TypeScript and TSX share: their rules, and what formatters may change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.ecmascript_calls import call
from git_muse_coord.symbols.languages.ecmascript_values import (
    FUNCTIONS,
    assignment,
    class_field,
    declarator,
    export,
    pair,
)
from git_muse_coord.symbols.languages.looseness import (
    Looseness,
    around_a_name,
    brackets,
    leading,
    not_in,
    one_statement,
)
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Names,
    Place,
    Rule,
    by_field,
    child,
    define,
    dotted,
    fixed,
    function,
    imports,
    markup,
    unquote,
    value,
)

if TYPE_CHECKING:
    from tree_sitter import Node

CLOSURES = FUNCTIONS
_NAMING = frozenset(
    {
        "variable_declarator",
        "assignment_expression",
        "pair",
        "export_statement",
        "field_definition",
        "public_field_definition",
    }
)
"""Nodes that name the function in them."""
_STEPS_OF_A_REQUIRE = ("member_expression", "call_expression", "await_expression")


def _variables(node: Node, place: Place) -> Declaration | None:
    """``const x = require("x")`` is an import."""
    variable = child(node, "variable_declarator")
    if variable is None or place.local:
        return None
    if not _is_require(variable.child_by_field_name("value"), place):
        return None
    return imports(node, place)


def _is_require(node: Node | None, place: Place) -> bool:
    """Also ``require("x").y``, ``require("x")(options)`` and ``await import("x")``."""
    while node is not None and node.type in _STEPS_OF_A_REQUIRE:
        if node.type != "call_expression":
            node = node.child_by_field_name("object") or node.named_child(0)
            continue
        callee = node.child_by_field_name("function")
        if callee is not None and callee.type in ("identifier", "import"):
            return place.text(callee) in ("require", "import")
        node = callee
    return False


def _bare(node: Node, place: Place) -> Names:
    # a method may be named by a text: "my-name"() {}
    name = unquote(place.field(node, "name"))
    return (name,) if name else ()


def _module(node: Node, place: Place) -> Names:
    name = place.field(node, "name")
    # declare module "some-package" declares what is elsewhere; its dots are no steps
    if name[:1] in "\"'":
        return (unquote(name),)
    return tuple(name.split("."))


def _expression(node: Node, place: Place) -> Declaration | None:
    """A function expression with a name of its own that nothing else names."""
    name = place.field(node, "name")
    around = node.parent if name else None
    if around is None or around.type in _NAMING:
        return None
    return Declaration((name,), "function", node.child_by_field_name("body"), local=True)


RULES: dict[str, Rule] = {
    "function_declaration": function(),
    "generator_function_declaration": function(),
    "function_expression": _expression,
    "class_declaration": define("class"),
    "method_definition": function(_bare, kind="method"),
    "field_definition": class_field,
    "public_field_definition": class_field,
    "lexical_declaration": _variables,
    "variable_declaration": _variables,
    "variable_declarator": declarator,
    "assignment_expression": assignment,
    "pair": pair,
    "call_expression": call,
    "export_statement": export,
    "import_statement": imports,
    "jsx_text": markup,
}
TYPE_RULES: dict[str, Rule] = {
    "abstract_class_declaration": define("class"),
    "interface_declaration": define("interface"),
    "enum_declaration": define("enum"),
    "type_alias_declaration": define("type", body="value"),
    "internal_module": define("namespace", dotted(by_field())),
    "module": define("namespace", _module),
    "function_signature": define("function"),
    "method_signature": define("method", _bare),
    "construct_signature": define("method", fixed("new")),
    "abstract_method_signature": define("method", _bare),
    "property_signature": value("field", _bare),
    "import_alias": imports,
}
WRAPPERS = frozenset(
    {
        "export_statement",
        "lexical_declaration",
        "variable_declaration",
        "expression_statement",
        "ambient_declaration",
    }
)
OPTIONAL = frozenset({";"})
# for (;;) cannot do without
STRICT = frozenset({"for_statement"})
DIRECTIVES = re.compile(
    rb"\A///\s*<(?:reference|amd-).*"  # files that the compiler adds
    rb"|@jsx\w*\s+[^\s*]+|@(?:jest|vitest)-environment\b[^\n*]*"  # what JSX becomes, where tests run
    rb"|[#@]__(?:PURE|NO_SIDE_EFFECTS|INLINE|NOINLINE)__|@vite-ignore|\b(?:webpack|turbopack)[A-Z]\w*:.*"  # bundlers
    rb"|\A//[#@] source\w+=.*|\A//=\s*(?:require|link|depend_on|stub)\w*\s.*"
)
_GROUPING = brackets(
    accessed_by=("member_expression", "subscript_expression", "call_expression", "new_expression")
)
_ONE_STATEMENT = one_statement(
    (
        "if_statement",
        "else_clause",
        "for_statement",
        "for_in_statement",
        "while_statement",
        "do_statement",
    ),
    lambda inside: "declaration" in inside.type or inside.type == "empty_statement",
)
LOOSE: dict[str, Looseness] = {
    # prettier adds and removes round brackets
    "parenthesized_expression": _GROUPING,
    "parenthesized_type": _GROUPING,
    # and those around the one parameter of an arrow
    "formal_parameters": around_a_name,
    "required_parameter": around_a_name,
    # | A | B is what it makes of A | B on several lines
    "union_type": leading("|"),
    "intersection_type": leading("&"),
    "statement_block": _ONE_STATEMENT,
    # without semicolons one stands before a line that begins with a bracket
    "empty_statement": not_in("for_statement"),
}
SIGNS = frozenset({"|", "&", "{"})
KEYS = frozenset({"pair", "property_signature", "public_field_definition"})
SEPARATORS = {",": frozenset({"object_type", "interface_body"})}
# <!-- is a comment in scripts of old pages
COMMENTS = frozenset({"comment", "html_comment"})
