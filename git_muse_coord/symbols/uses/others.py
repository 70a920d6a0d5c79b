"""The languages in which imports and receivers are not followed: a call means the one symbol that has its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols.references import UNKNOWN
from git_muse_coord.symbols.uses.draft import Draft
from git_muse_coord.symbols.uses.expressions import first_child
from git_muse_coord.symbols.uses.table import Uses

if TYPE_CHECKING:
    from tree_sitter import Node

_CALLEE_FIELDS = ("function", "method", "name", "type")
_LAST_NAME = re.compile(r"([^\W\d]\w*[?!]?)\s*(?:<[^()]*>)?\s*\Z")
_MAX_CALLEE = 200
"""At most so many bytes before its end the name of a callee begins."""


def _call(node: Node, draft: Draft) -> None:
    callee = _callee(node)
    if callee is None:
        return
    # the callee of a long chain of calls is as long as all of it
    start = max(callee.start_byte, callee.end_byte - _MAX_CALLEE)
    text = draft.data[start : callee.end_byte].decode("utf-8", "replace")
    match = _LAST_NAME.search(text)
    if match:
        # with a receiver of which nothing is known
        draft.note_use(Use.CALL, (UNKNOWN, match[1]), node)


def _callee(node: Node) -> Node | None:
    for field in _CALLEE_FIELDS:
        callee = node.child_by_field_name(field)
        if callee is not None:
            return callee
    return first_child(node)


def _by_name(*calls: str) -> Uses:
    return Uses(names=frozenset(), handlers=dict.fromkeys(calls, _call))


USES = {
    "bash": _by_name("command"),
    "c": _by_name("call_expression"),
    "cpp": _by_name("call_expression", "new_expression"),
    "csharp": _by_name("invocation_expression", "object_creation_expression"),
    "kotlin": _by_name("call_expression"),
    "lua": _by_name("function_call"),
    "luau": _by_name("function_call"),
    "objc": _by_name("call_expression"),
    "php": _by_name(
        "function_call_expression",
        "member_call_expression",
        "scoped_call_expression",
        "object_creation_expression",
    ),
    "ruby": _by_name("call"),
    "solidity": _by_name("call_expression"),
    "zig": _by_name("call_expression"),
    "scala": _by_name("call_expression", "instance_expression"),
    "swift": _by_name("call_expression"),
}
