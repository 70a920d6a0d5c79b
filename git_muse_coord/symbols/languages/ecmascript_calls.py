"""Calls of JavaScript and TypeScript that stand for a symbol: blocks of tests, routes of a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.ecmascript_values import FUNCTIONS, path_of
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Names,
    Place,
    unquote,
)

if TYPE_CHECKING:
    from tree_sitter import Node

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
_VERBS = frozenset(
    {
        "get",
        "post",
        "put",
        "patch",
        "delete",
        "head",
        "options",
        "all",
        "use",
        "ws",
        "route",
    }
)
_LAST_ARGUMENTS = FUNCTIONS | {"identifier", "member_expression", "object", "number"}
"""What blocks and routes end with: the function, a handler of that name, options, the time allowed."""
_TITLES = ("string", "template_string")


def call(node: Node, place: Place) -> Declaration | None:
    """A test block or a route: a call with a text and a function."""
    arguments = node.child_by_field_name("arguments")
    # a template behind a tag is in this field too
    if arguments is None or arguments.type != "arguments" or arguments.named_child_count == 0:
        return None
    # asked before the callee is read, as it needs no text
    last_argument = arguments.named_child(arguments.named_child_count - 1)
    if last_argument is None or last_argument.type not in _LAST_ARGUMENTS:
        return None
    path = _callee(node, place)
    if path is None:
        return None
    title = _title(arguments, place)
    if _is_block(path, arguments):
        return Declaration((f"{path[0]} {title}".strip(),), "block", arguments, local=True)
    if _is_route(path, title, arguments):
        return Declaration((f"{path[1]} {title}",), "route", arguments, local=True)
    return None


def _callee(node: Node, place: Place) -> Names | None:
    callee = node.child_by_field_name("function")
    while callee is not None and callee.type == "call_expression":  # it.each(...)("adds", ...)
        callee = callee.child_by_field_name("function")
    return path_of(callee, place) if callee is not None else None


def _title(arguments: Node, place: Place) -> str:
    first = arguments.named_child(0)
    if first is None or first.type not in _TITLES:
        return ""
    return unquote(place.text(first))


def _is_block(path: Names, arguments: Node) -> bool:
    # it.only.each is the longest form
    if path[0] not in _BLOCKS or len(path) > 3:
        return False
    return any(argument.type in FUNCTIONS for argument in arguments.named_children)


def _is_route(
    path: Names,
    title: str,
    arguments: Node,
) -> bool:
    if len(path) != 2 or path[1] not in _VERBS:
        return False
    # a path tells it from map.get("key"), a handler from client.get("/items")
    return title.startswith("/") and arguments.named_child_count > 1
