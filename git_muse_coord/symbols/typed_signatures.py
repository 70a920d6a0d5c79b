"""Whether a function can be called as before in a language in which each argument has its place and its type.

There names of parameters bind nobody, nor does a result where there was none: no caller can have
used it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

LANGUAGES = ("go", "java", "rust")
_RESULTS = ("result", "return_type", "type")
"""The fields that hold what a function gives, by language."""
_NONE = (b"", b"void", b"()")
"""How it is written that a function gives nothing."""
_ASIDE = frozenset({"name", "body", "parameters", "receiver", *_RESULTS})


class Written(NamedTuple):
    """The node of a function, and the bytes in which it stands."""

    node: Node
    data: bytes

    def text(self, node: Node) -> bytes:
        """The text of a node in it, however it is broken into lines."""
        # A node does not keep its text for itself.
        return b" ".join(self.data[node.start_byte : node.end_byte].split())


def takes_the_same(before: Written | None, after: Written | None) -> bool:
    """Whether whoever calls a function as it was can call it as it is; not where one is not known."""
    if before is None or after is None:
        return False
    for field in ("receiver", "parameters"):
        if _types(before, field) != _types(after, field):
            return False
    # Type parameters, exceptions, async: all of that can matter to a caller.
    if list(_others(before)) != list(_others(after)):
        return False
    result = _result(before)
    return result in _NONE or result == _result(after)


def _types(function: Written, field: str) -> list[bytes]:
    """The types of some parameters, one for each of them."""
    holder = function.node.child_by_field_name(field)
    types: list[bytes] = []
    if holder is None:
        return types
    for parameter in holder.named_children:
        if "comment" in parameter.type:
            continue
        written = parameter.child_by_field_name("type")
        # What has no type of its own, such as self in Rust, counts as it stands.
        text = function.text(parameter if written is None else written)
        if parameter.type == "variadic_parameter_declaration":
            text = b"..." + text
        names = parameter.children_by_field_name("name")
        types += [text] * max(1, len(names))
    return types


def _result(function: Written) -> bytes:
    for field in _RESULTS:
        node = function.node.child_by_field_name(field)
        if node is not None:
            return function.text(node)
    return b""


def _others(function: Written) -> Iterator[bytes]:
    for number, child in enumerate(function.node.children):
        is_aside = function.node.field_name_for_child(number) in _ASIDE
        # The arrow before a result comes and goes with it.
        if not is_aside and child.type != "->" and "comment" not in child.type:
            yield function.text(child)
