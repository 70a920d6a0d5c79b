"""Whether a caller can stay as it is when a signature changes: its calls give the same to each parameter as before.

Only where an argument can be left out. Of other languages nothing is known here, and each caller is
to be looked at.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from git_muse_coord.symbols.languages import facts_of
from git_muse_coord.symbols.values import Symbol

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_CONSTRUCTORS = ("__init__", "__new__", "constructor")
_RECEIVERS = (b"self", b"cls", b"this")
_MORE = ("list_splat_pattern", "rest_pattern")
_ANY = "dictionary_splat_pattern"
_SPREAD = ("list_splat", "dictionary_splat", "spread_element")


class Source(NamedTuple):
    """A symbol, and the file in which it stands."""

    symbol: Symbol
    language: str
    data: bytes

    def text(self, node: Node | None) -> bytes:
        """What a node of the file holds; nothing for none."""
        return self.data[node.start_byte : node.end_byte] if node is not None else b""


class _Signature(NamedTuple):
    positional: tuple[bytes, ...]
    named: frozenset[bytes]
    """What can be given by name."""
    required: frozenset[bytes]
    takes_more: bool
    """More by their places, too."""
    takes_any: bool
    """Other names, too."""
    result: bytes
    """Whether it is to be awaited, and the type of what it gives."""


class _Call(NamedTuple):
    positional: int
    named: frozenset[bytes]


def still_fits(old: Source, new: Source, caller: Source) -> bool:
    """Whether every call in ``caller`` of what is named like a symbol means under its new signature what it meant."""
    languages = (old.language, new.language, caller.language)
    if not all(facts_of(language).signatures_are_read for language in languages):
        return False
    before, after = _signature(old), _signature(new)
    if before is None or after is None or before.result != after.result:
        return False
    calls = _calls(caller, _called(new.symbol))
    return bool(calls) and all(_same(one, before, after) for one in calls)


def _same(call: _Call | None, before: _Signature, after: _Signature) -> bool:
    if call is None:
        return False
    given = after.positional[: call.positional]
    spread = before.takes_more and after.takes_more and before.positional == after.positional
    return (
        (spread or len(given) == call.positional)
        and given == before.positional[: call.positional]
        and (after.takes_any or call.named <= after.named)
        and after.required <= call.named.union(given)
    )


def _called(symbol: Symbol) -> frozenset[bytes]:
    """By which names it is called."""
    names = [segment.name for segment in symbol.address.segments]
    return frozenset(
        name.encode() for name in (names[-2:] if names[-1] in _CONSTRUCTORS else names[-1:])
    )


def _signature(source: Source) -> _Signature | None:
    """What can be given to a function; None where a parameter has no name."""
    node = _within(source, source.symbol.body_start, source.symbol.body_end)
    while node is not None and (
        node.start_byte >= source.symbol.body_start
        or node.child_by_field_name("parameters") is None
    ):
        node = node.parent
    parameters = node.child_by_field_name("parameters") if node is not None else None
    if parameters is None or node is None or node.start_byte < source.symbol.start_byte:
        return None
    is_typed = facts_of(source.language).types_are_checked
    positional: list[bytes] = []
    named: set[bytes] = set()
    required: set[bytes] = set()
    takes_any = takes_more = by_name_only = False
    for number, each in enumerate(
        each for each in parameters.named_children if each.type != "comment"
    ):
        name, kind, is_optional = _parameter(each, source)
        if kind == "positional_separator":
            named.clear()
        elif kind == _ANY:
            takes_any = True
        elif kind in (*_MORE, "keyword_separator"):
            by_name_only = True
            takes_more |= kind in _MORE
        elif kind != "identifier":
            return None
        elif number or name not in _RECEIVERS:
            named.add(name)
            name += source.text(each.child_by_field_name("type")) if is_typed else b""
            positional += [] if by_name_only else [name]
            required.update(() if is_optional else (name,))
    result = b"async " if any(each.type == "async" for each in node.children) else b""
    result += source.text(node.child_by_field_name("return_type")) if is_typed else b""
    return _Signature(
        tuple(positional), frozenset(named), frozenset(required), takes_more, takes_any, result
    )


def _parameter(node: Node, source: Source) -> tuple[bytes, str, bool]:
    """Its name, what kind of node that is, and whether it can be left out."""
    fields = (node.child_by_field_name(field) for field in ("name", "pattern", "left"))
    inner = next((field for field in fields if field is not None), None)
    if inner is None:
        inner = node.named_children[0] if node.type == "typed_parameter" else node
    values = (node.child_by_field_name(field) for field in ("value", "right"))
    is_optional = node.type == "optional_parameter" or any(value is not None for value in values)
    return source.text(inner), inner.type, is_optional


def _calls(source: Source, names: frozenset[bytes]) -> list[_Call | None]:
    """The calls in a symbol of something of these names; None for one whose arguments are not all there to see."""
    return [call for name, call in _all_calls(source) if name in names]


@lru_cache(maxsize=4096)
def _all_calls(source: Source) -> tuple[tuple[bytes, _Call | None], ...]:
    """The calls in a symbol, which is asked for each of the symbols that it calls."""
    around = _within(source, source.symbol.start_byte, source.symbol.end_byte)
    waiting = [around] if around is not None else []
    found: list[tuple[bytes, _Call | None]] = []
    while waiting:
        node = waiting.pop()
        waiting.extend(node.named_children)
        called = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        arguments = node.child_by_field_name("arguments")
        if called is not None and arguments is not None:
            found.append((source.text(called).rpartition(b".")[2], _call(arguments, source)))
    return tuple(found)


def _call(arguments: Node, source: Source) -> _Call | None:
    given = [each for each in arguments.named_children if each.type != "comment"]
    if arguments.type not in ("argument_list", "arguments") or any(
        each.type in _SPREAD for each in given
    ):
        return None
    names = [each.child_by_field_name("name") for each in given if each.type == "keyword_argument"]
    return _Call(len(given) - len(names), frozenset(map(source.text, names)))


def _within(source: Source, start: int, end: int) -> Node | None:
    tree = _tree(source.language, source.data)
    return tree.root_node.descendant_for_byte_range(start, end) if tree is not None else None


@lru_cache(maxsize=16)
def _tree(language: str, data: bytes) -> Tree | None:
    from git_muse_coord.symbols import grammar

    return grammar.parse_source(grammar.load(language), data)
