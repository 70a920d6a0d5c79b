"""The languages in which imports and receivers are not followed: a call means the one symbol that has its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols.references import UNKNOWN
from git_muse_coord.symbols.uses.table import Uses

if TYPE_CHECKING:
    from tree_sitter import Node

    from git_muse_coord.symbols.collect import Collector

_FIELDS = ("function", "method", "name", "type")
_LAST = re.compile(r"([^\W\d]\w*[?!]?)\s*(?:<[^()]*>)?\s*\Z")
_NEAR = 200
"""So far from its end the callee is looked at."""


def _call(node: Node, to: Collector) -> None:
    callee = next((one for one in map(node.child_by_field_name, _FIELDS) if one is not None), None)
    if callee is None and node.named_child_count:
        callee = node.named_child(0)
    if callee is None:
        return
    text = to.data[max(callee.start_byte, callee.end_byte - _NEAR) : callee.end_byte].decode(
        "utf-8", "replace"
    )
    if match := _LAST.search(text):
        to.use(Use.CALL, (UNKNOWN, match[1]), node)


def _by_name(*calls: str) -> Uses:
    return Uses(names=frozenset(), handlers=dict.fromkeys(calls, _call))


USES = {
    "bash": _by_name("command"),
    "c": _by_name("call_expression"),
    "cpp": _by_name("call_expression", "new_expression"),
    "csharp": _by_name("invocation_expression", "object_creation_expression"),
    "kotlin": _by_name("call_expression"),
    "lua": _by_name("function_call"),
    "php": _by_name(
        "function_call_expression",
        "member_call_expression",
        "scoped_call_expression",
        "object_creation_expression",
    ),
    "ruby": _by_name("call"),
    "scala": _by_name("call_expression", "instance_expression"),
    "swift": _by_name("call_expression"),
}
