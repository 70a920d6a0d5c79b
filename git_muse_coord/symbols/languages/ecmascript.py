"""What JavaScript, TypeScript and TSX share: functions as values, prototypes, test and route blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.table import (
    Declaration,
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

FUNCTIONS = frozenset({"arrow_function", "function_expression", "generator_function"})
_NAMING = frozenset(
    {"variable_declarator", "assignment_expression", "pair", "export_statement", "field_definition"}
    | {"public_field_definition"}
)
_BLOCKS = frozenset(
    {
        "describe",
        "fdescribe",
        "xdescribe",
        "context",
        "suite",
        "it",
        "fit",
        "xit",
        "test",
        "specify",
        "before",
        "after",
        "beforeEach",
        "afterEach",
        "beforeAll",
        "afterAll",
        "setup",
        "teardown",
        "bench",
    }
)
_LEFT = re.compile(rb"([\w$.]+)\s*=\Z")
_MAX_CHAIN = 100
_VERBS = frozenset(
    ["get", "post", "put", "patch", "delete", "head", "options", "all", "use", "ws", "route"]
)


def unwrap(node: Node | None) -> Node | None:
    """The value itself, without parentheses, casts and chained assignments around it."""
    while node is not None:
        if node.type == "assignment_expression":
            node = node.child_by_field_name("right")
        elif node.type in ("parenthesized_expression", "as_expression", "satisfies_expression"):
            node = node.named_child(0) if node.named_child_count else None
        else:
            break
    return node


def _valued(
    names: tuple[str, ...], right: Node | None, place: Place, *, plain: str
) -> Declaration | None:
    """A name with a value: functions and classes always count, the rest outside of functions."""
    inner = unwrap(right)
    kind = inner.type if inner is not None else ""
    if kind in FUNCTIONS:
        return Declaration(names, "function", right, local=True)
    if kind == "class":
        return Declaration(names, "class", right)
    if plain and not place.local:
        return Declaration(names, plain, right)
    return Declaration(names, "") if kind == "object" else None


def _is_require(node: Node | None, place: Place) -> bool:
    while node is not None and node.type in (
        "member_expression",
        "call_expression",
        "await_expression",
    ):
        if node.type == "call_expression":
            callee = node.child_by_field_name("function")
            if callee is not None and callee.type in ("identifier", "import"):
                return place.text(callee) in ("require", "import")
            node = callee
        else:
            node = node.child_by_field_name("object") or node.named_child(0)
    return False


def _variables(node: Node, place: Place) -> Declaration | None:
    """``const x = require("x")`` is an import."""
    declarator = child(node, "variable_declarator")
    if (
        declarator is None
        or place.local
        or not _is_require(declarator.child_by_field_name("value"), place)
    ):
        return None
    return imports(node, place)


def _declarator(node: Node, place: Place) -> Declaration | None:
    name = node.child_by_field_name("name")
    if name is None:
        return None
    right = node.child_by_field_name("value")
    if name.type == "identifier":
        text = place.text(name)
        found = _valued((text,), right, place, plain="constant" if text.isupper() else "variable")
        return (
            found._replace(also=_aliases((text,), right, place))
            if found is not None and found.kind
            else found
        )
    if place.local:
        return None
    names = _bound(name, place)
    return Declaration((names[0],), "variable", right, also=tuple(names[1:])) if names else None


def _bound(pattern: Node, place: Place) -> list[str]:
    """The names to which a pattern gives values."""
    names: list[str] = []
    pending: list[Node | None] = [pattern]
    while pending:
        node = pending.pop()
        if node is None:
            continue
        if node.type in ("identifier", "shorthand_property_identifier_pattern"):
            names.append(place.text(node))
        elif node.type == "pair_pattern":
            pending.append(node.child_by_field_name("value"))
        elif node.type in ("assignment_pattern", "object_assignment_pattern"):
            pending.append(node.child_by_field_name("left"))
        elif node.type in ("object_pattern", "array_pattern", "rest_pattern"):
            pending += reversed(node.named_children)
    return names


def _continues(node: Node, place: Place) -> bool:
    """Whether an assignment is inside another one to the same thing, which names it."""
    outer = _LEFT.search(place.before(node))
    left = node.child_by_field_name("left")
    if outer is None or left is None:
        return False
    own = place.data[left.start_byte : left.end_byte]
    if {own, outer[1]} == {b"exports", b"module.exports"}:
        return True
    return outer[1].rpartition(b".")[0] == own.rpartition(b".")[0]


def _path(node: Node | None, place: Place) -> tuple[str, ...] | None:
    """``Foo.prototype.h`` as its names, or None for what is no plain path."""
    names: list[str] = []
    while node is not None and node.type in ("member_expression", "subscript_expression"):
        last = node.child_by_field_name("property") or node.child_by_field_name("index")
        if last is None or last.type not in (
            "property_identifier",
            "private_property_identifier",
            "string",
        ):
            return None
        names.append(unquote(place.text(last)))
        node = node.child_by_field_name("object")
    if node is None or node.type not in ("identifier", "this"):
        return None
    names.append(place.text(node))
    return tuple(reversed(names))


def _assignment(node: Node, place: Place) -> Declaration | None:
    path = _path(node.child_by_field_name("left"), place)
    right = node.child_by_field_name("right")
    if path is None or _continues(node, place):
        return None
    if path in (("module", "exports"), ("exports",)):
        inner = unwrap(right)
        if inner is None or inner.type not in FUNCTIONS | {"class"}:
            return None
        return _valued(
            (place.text(inner.child_by_field_name("name")) or "default",), right, place, plain=""
        )
    names = _named(path)
    if not names or (len(path) == 1 and not place.local and unwrap(right) is None):
        return None
    plain = "variable" if path[0] in ("exports", "module") or "prototype" in path[:-1] else ""
    found = _valued(names, right, place, plain=plain)
    return (
        found._replace(also=_aliases(path, right, place))
        if found is not None and found.kind
        else found
    )


def _named(path: tuple[str, ...]) -> tuple[str, ...]:
    """What is assigned to, without what says only that it is exported, or a method."""
    names = (
        path[2:]
        if path[:2] == ("module", "exports")
        else path[1:]
        if path[0] == "exports"
        else path
    )
    return tuple(name for name in names if name not in ("prototype", "this"))


def _aliases(first: tuple[str, ...], right: Node | None, place: Place) -> tuple[str, ...]:
    """The further names beside the first in ``app.del = app.delete = function () {}``."""
    also: list[str] = []
    while right is not None and right.type == "assignment_expression" and len(also) < _MAX_CHAIN:
        path = _path(right.child_by_field_name("left"), place)
        if path is None or path[:-1] != first[:-1]:
            break
        also.append(path[-1])
        right = right.child_by_field_name("right")
    return tuple(also)


def _pair(node: Node, place: Place) -> Declaration | None:
    key = unquote(place.text(node.child_by_field_name("key")))
    return _valued((key,), node.child_by_field_name("value"), place, plain="") if key else None


def _field(node: Node, place: Place) -> Declaration | None:
    key = unquote(
        place.text(node.child_by_field_name("property") or node.child_by_field_name("name"))
    )
    if not key:
        return None
    right = node.child_by_field_name("value")
    found = _valued((key,), right, place, plain="")
    return found if found is not None and found.kind else Declaration((key,), "field", right)


def _callee(node: Node, place: Place) -> tuple[str, ...] | None:
    callee = node.child_by_field_name("function")
    while callee is not None and callee.type == "call_expression":  # it.each(...)("adds", ...)
        callee = callee.child_by_field_name("function")
    return _path(callee, place) if callee is not None else None


def _call(node: Node, place: Place) -> Declaration | None:
    """A test block or a route: a call with a text and a function."""
    arguments = node.child_by_field_name("arguments")
    if arguments is None or arguments.type != "arguments" or arguments.named_child_count == 0:
        return None
    last = arguments.named_child(arguments.named_child_count - 1)
    if last is None or last.type not in FUNCTIONS | {
        "identifier",
        "member_expression",
        "object",
        "number",
    }:
        return None
    path = _callee(node, place)
    if path is None:
        return None
    first = arguments.named_child(0)
    title = (
        unquote(place.text(first))
        if first is not None and first.type in ("string", "template_string")
        else ""
    )
    if (
        path[0] in _BLOCKS
        and len(path) <= 3
        and any(each.type in FUNCTIONS for each in arguments.named_children)
    ):
        return Declaration((f"{path[0]} {title}".strip(),), "block", arguments, local=True)
    if (
        len(path) == 2
        and path[1] in _VERBS
        and title.startswith("/")
        and arguments.named_child_count > 1
    ):
        return Declaration((f"{path[1]} {title}",), "route", arguments, local=True)
    return None


def _default(node: Node, place: Place) -> Declaration | None:
    """``export default`` of something without a name; ``export ... from``."""
    if child(node, "default") is None:
        return imports(node, place) if node.child_by_field_name("source") is not None else None
    inner = node.child_by_field_name("value")
    if inner is None:
        inner = node.child_by_field_name("declaration")
        return (
            None
            if inner is None or inner.child_by_field_name("name") is not None
            else Declaration(("default",), "value")
        )
    if inner.child_by_field_name("name") is not None and inner.type in FUNCTIONS | {"class"}:
        return _valued((place.text(inner.child_by_field_name("name")),), inner, place, plain="")
    return _valued(("default",), inner, place, plain="value")


def _bare(node: Node, place: Place) -> tuple[str, ...]:
    name = unquote(place.text(node.child_by_field_name("name")))
    return (name,) if name else ()


def _module(node: Node, place: Place) -> tuple[str, ...]:
    name = place.text(node.child_by_field_name("name"))
    return (unquote(name),) if name[:1] in "\"'" else tuple(name.split("."))


def _expression(node: Node, place: Place) -> Declaration | None:
    """A function expression with a name of its own that nothing else names."""
    name = place.text(node.child_by_field_name("name"))
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
    "field_definition": _field,
    "public_field_definition": _field,
    "lexical_declaration": _variables,
    "variable_declaration": _variables,
    "variable_declarator": _declarator,
    "assignment_expression": _assignment,
    "pair": _pair,
    "call_expression": _call,
    "export_statement": _default,
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
    "property_signature": value("field"),
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
STRICT = frozenset({"for_statement"})
DIRECTIVES = re.compile(
    rb"\A///\s*<(?:reference|amd-).*"  # files that the compiler adds
    rb"|@jsx\w*\s+[^\s*]+|@(?:jest|vitest)-environment\b[^\n*]*"  # what JSX becomes, where tests run
    rb"|[#@]__(?:PURE|NO_SIDE_EFFECTS|INLINE|NOINLINE)__|@vite-ignore|\b(?:webpack|turbopack)[A-Z]\w*:.*"  # bundlers
    rb"|\A//[#@] source\w+=.*|\A//=\s*(?:require|link|depend_on|stub)\w*\s.*"
)
LOOSE = frozenset({"parenthesized_expression", "parenthesized_type"})
ACCESSES = frozenset(
    {"member_expression", "subscript_expression", "call_expression", "new_expression"}
)
COMMENTS = frozenset({"comment", "html_comment"})
