"""Whether a caller can stay as it is when a signature changes: its calls give the same to each parameter as before.

Only where an argument can be left out. Of other languages nothing is known here, and each caller is
to be looked at.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from git_muse_coord.symbols.values import Symbol

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_TYPED = ("typescript", "tsx")
"""Where a type that changes can be a break."""
_LANGUAGES = (*_TYPED, "python", "javascript")
_CONSTRUCTORS = ("__init__", "__new__", "constructor")
_RECEIVERS = (b"self", b"cls", b"this")
_SPREAD = ("list_splat", "dictionary_splat", "spread_element")
_MAX_TREES = 16
"""At most so many trees are kept, for each is many times as large as its file."""


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


class _Parameter(NamedTuple):
    name: bytes
    kind: str
    """What kind of node the name is, or the mark that stands among the parameters."""
    is_optional: bool
    type: bytes
    """Its type, where that matters to callers."""


class _Call(NamedTuple):
    positional: int
    named: frozenset[bytes]


class CallComparison:
    """Compares calls with a signature before and after it changed.

    It keeps the files at which it has looked, parsed, because one symbol is asked for again and
    again. So it is to live no longer than the merge for which it is made.
    """

    def __init__(self) -> None:
        self._tree = lru_cache(maxsize=_MAX_TREES)(_parsed)
        self._calls: dict[Source, tuple[tuple[bytes, _Call | None], ...]] = {}

    def still_fits(
        self,
        old: Source,
        new: Source,
        caller: Source,
    ) -> bool:
        """Whether all calls in ``caller`` of what is named like a symbol mean what they meant before it changed."""
        if {old.language, new.language, caller.language}.difference(_LANGUAGES):
            return False
        before = self._signature(old)
        after = self._signature(new)
        if before is None or after is None or before.result != after.result:
            return False
        names = _called_names(new.symbol)
        calls = [call for name, call in self._calls_in(caller) if name in names]
        # a caller without a call that can be seen uses the symbol in a way that nobody knows
        return bool(calls) and all(_means_the_same(call, before, after) for call in calls)

    def _signature(self, source: Source) -> _Signature | None:
        tree = self._tree(source.language, source.data)
        return _signature(source, tree) if tree is not None else None

    def _calls_in(self, source: Source) -> tuple[tuple[bytes, _Call | None], ...]:
        calls = self._calls.get(source)
        if calls is None:
            tree = self._tree(source.language, source.data)
            calls = tuple(_all_calls(source, tree)) if tree is not None else ()
            self._calls[source] = calls
        return calls


def _parsed(language: str, data: bytes) -> Tree | None:
    # which a merge without changed signatures does not need
    from git_muse_coord.symbols import grammar

    return grammar.parse_source(grammar.load(language), data)


def _means_the_same(
    call: _Call | None,
    before: _Signature,
    after: _Signature,
) -> bool:
    """Whether a call gives the same to each parameter; never for one whose arguments are not all there to see."""
    if call is None:
        return False
    given = after.positional[: call.positional]
    if given != before.positional[: call.positional]:
        return False
    if len(given) < call.positional:
        # the rest goes to a parameter that takes more
        takes_more = before.takes_more and after.takes_more
        if not takes_more or before.positional != after.positional:
            return False
    if not after.takes_any and not call.named <= after.named:
        return False
    return after.required <= call.named.union(given)


def _called_names(symbol: Symbol) -> frozenset[bytes]:
    """By which names it is called: a constructor also by that of its class."""
    names = [segment.name.encode() for segment in symbol.address.segments]
    count = 2 if symbol.address.segments[-1].name in _CONSTRUCTORS else 1
    return frozenset(names[-count:])


def _signature(source: Source, tree: Tree) -> _Signature | None:
    """What can be given to a function; None where a parameter has no name."""
    function = _function(source, tree)
    if function is None:
        return None
    positional: list[bytes] = []
    named: set[bytes] = set()
    required: set[bytes] = set()
    takes_more = False
    takes_any = False
    is_only_by_name = False
    for parameter in _parameters(function, source):
        match parameter.kind:
            case "identifier":
                # another type is another parameter
                typed = parameter.name + parameter.type
                named.add(parameter.name)
                if not is_only_by_name:
                    positional.append(typed)
                if not parameter.is_optional:
                    required.add(typed)
            case "list_splat_pattern" | "rest_pattern":
                takes_more = True
                is_only_by_name = True
            case "keyword_separator":
                # what follows a lone star can only be given by name
                is_only_by_name = True
            case "positional_separator":
                # what stands before a slash cannot be given by name
                named.clear()
            case "dictionary_splat_pattern":
                takes_any = True
            case _:
                return None
    return _Signature(
        tuple(positional),
        frozenset(named),
        frozenset(required),
        takes_more,
        takes_any,
        _result(function, source),
    )


def _function(source: Source, tree: Tree) -> Node | None:
    """The node of a symbol that has its parameters."""
    symbol = source.symbol
    node = _node_within(tree, symbol.body_start, symbol.body_end)
    while node is not None:
        has_parameters = node.child_by_field_name("parameters") is not None
        if has_parameters and node.start_byte < symbol.body_start:
            break
        node = node.parent
    # a symbol without parameters is in a function that has some
    return node if node is not None and node.start_byte >= symbol.start_byte else None


def _parameters(function: Node, source: Source) -> list[_Parameter]:
    """What is given to a function, without the object to which a method belongs."""
    parameters: list[_Parameter] = []
    holder = function.child_by_field_name("parameters")
    for node in holder.named_children if holder is not None else ():
        if node.type != "comment":
            parameters.append(_parameter(node, source))
    if parameters and parameters[0].kind == "identifier" and parameters[0].name in _RECEIVERS:
        del parameters[0]
    return parameters


def _parameter(node: Node, source: Source) -> _Parameter:
    name = _first_field(node, "name", "pattern", "left")
    if name is None:
        name = node.named_children[0] if node.type == "typed_parameter" else node
    has_default = _first_field(node, "value", "right") is not None
    is_optional = has_default or node.type == "optional_parameter"
    return _Parameter(source.text(name), name.type, is_optional, _type(node, "type", source))


def _result(function: Node, source: Source) -> bytes:
    is_async = any(child.type == "async" for child in function.children)
    return (b"async " if is_async else b"") + _type(function, "return_type", source)


def _type(
    node: Node,
    field: str,
    source: Source,
) -> bytes:
    """A type as it is written; empty in languages in which it binds nobody."""
    is_typed = source.language in _TYPED
    return source.text(node.child_by_field_name(field)) if is_typed else b""


def _first_field(node: Node, *fields: str) -> Node | None:
    for field in fields:
        child = node.child_by_field_name(field)
        if child is not None:
            return child
    return None


def _all_calls(source: Source, tree: Tree) -> list[tuple[bytes, _Call | None]]:
    """The calls in a symbol, each with the last name of what is called."""
    symbol = source.symbol
    calls: list[tuple[bytes, _Call | None]] = []
    around = _node_within(tree, symbol.start_byte, symbol.end_byte)
    waiting = [around] if around is not None else []
    while waiting:
        node = waiting.pop()
        waiting.extend(node.named_children)
        called = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        arguments = node.child_by_field_name("arguments")
        if called is not None and arguments is not None:
            name = source.text(called).rpartition(b".")[2]
            calls.append((name, _call(arguments, source)))
    return calls


def _call(arguments: Node, source: Source) -> _Call | None:
    """What a call gives; None where that is not all there to see."""
    # a generator or a template alone can stand in their place
    if arguments.type not in ("argument_list", "arguments"):
        return None
    positional = 0
    named: set[bytes] = set()
    for argument in arguments.named_children:
        if argument.type in _SPREAD:
            return None
        if argument.type == "keyword_argument":
            named.add(source.text(argument.child_by_field_name("name")))
        elif argument.type != "comment":
            positional += 1
    return _Call(positional, frozenset(named))


def _node_within(
    tree: Tree,
    start: int,
    end: int,
) -> Node | None:
    """The smallest node around a stretch of bytes."""
    return tree.root_node.descendant_for_byte_range(start, end)
