"""Whether a caller can stay as it is when a signature changes: its calls give the same to each parameter as before.

Where an argument can be left out, the calls are looked at; in Go, Java and Rust the signature alone
(``typed_signatures``). Of other languages nothing is known here, and each caller is to be looked at.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from git_muse_coord.symbols import typed_signatures
from git_muse_coord.symbols.clips import Source, clip
from git_muse_coord.symbols.values import Symbol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node, Tree

_TYPED = ("typescript", "tsx")
"""Where a type that changes can be a break."""
_LANGUAGES = (*_TYPED, "python", "javascript")
_CONSTRUCTORS = ("__init__", "__new__", "constructor")
_RECEIVERS = (b"self", b"cls", b"this")
_SPREAD = ("list_splat", "dictionary_splat", "spread_element")
_MAX_TREES = 16
"""At most so many trees are kept, for each is many times as large as its file."""


class _Signature(NamedTuple):
    positional: tuple[bytes, ...]
    named: frozenset[bytes]
    """What can be given by name."""
    required: frozenset[bytes]
    takes_more: bool
    """More by their places, too."""
    takes_any: bool
    """Other names, too."""
    is_async: bool
    """Whether it is to be awaited."""
    result: bytes
    """The type of what it gives, where that matters to callers."""


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
    is_used: bool
    """Whether something is done with what it gives."""


class CallComparison:
    """Compares calls with a signature before and after it changed.

    It keeps what it has seen, because one symbol is asked for again and again, and the last files
    parsed. So it is to live no longer than the merge for which it is made.
    """

    def __init__(self) -> None:
        self._tree = lru_cache(maxsize=_MAX_TREES)(_parsed)
        self._signatures: dict[Source, _Signature | None] = {}
        self._calls: dict[Source, tuple[tuple[bytes, _Call | None], ...]] = {}

    def still_fits(
        self,
        old: Source,
        new: Source,
        caller: Source,
        other_names: Iterable[str] = (),
    ) -> bool:
        """Whether all calls in ``caller`` of what is named like a symbol mean what they meant before it changed.

        ``other_names`` are those under which it is called as well.
        """
        languages = {old.language, new.language, caller.language}
        if len(languages) == 1 and old.language in typed_signatures.LANGUAGES:
            return self._takes_the_same(old, new)
        if not languages.issubset(_LANGUAGES):
            return False
        before = self._signature(old)
        after = self._signature(new)
        if before is None or after is None:
            return False
        if before.is_async != after.is_async:
            return False
        names = _called_names(new.symbol).union(name.encode() for name in other_names)
        is_called = False
        for name, call in self._calls_in(caller):
            if name not in names:
                continue
            is_called = True
            if not _means_the_same(call, before, after):
                return False
        # a caller without a call that can be seen uses the symbol in a way that nobody knows
        return is_called

    def _takes_the_same(self, old: Source, new: Source) -> bool:
        before = self._written(old)
        after = self._written(new)
        return typed_signatures.takes_the_same(before, after)

    def _written(self, source: Source) -> typed_signatures.Written | None:
        source_read, tree = self._read(source)
        function = _function(source_read, tree) if tree is not None else None
        if function is None:
            return None
        return typed_signatures.Written(function, source_read.data)

    def _signature(self, source: Source) -> _Signature | None:
        if source not in self._signatures:
            source_read, tree = self._read(source)
            signature = _signature(source_read, tree) if tree is not None else None
            self._signatures[source] = signature
        return self._signatures[source]

    def _calls_in(self, source: Source) -> tuple[tuple[bytes, _Call | None], ...]:
        if source not in self._calls:
            source_read, tree = self._read(source)
            calls = _all_calls(source_read, tree) if tree is not None else ()
            self._calls[source] = tuple(calls)
        return self._calls[source]

    def _read(self, source: Source) -> tuple[Source, Tree | None]:
        """The tree in which a symbol stands, with its place there: that of the symbol alone, or else of its file."""
        clipped = clip(source)
        if clipped is not None:
            tree = _parsed(clipped.language, clipped.data)
            if tree is not None and not tree.root_node.has_error:
                return clipped, tree
        return source, self._tree(source.language, source.data)


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
    if call.is_used and before.result != after.result:
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
    names = symbol.names
    count = 2 if names[-1] in _CONSTRUCTORS else 1
    return frozenset(name.encode() for name in names[-count:])


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
        any(child.type == "async" for child in function.children),
        _type(function, "return_type", source),
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
    if node is None or node.start_byte < symbol.start_byte:
        return None
    return node


def _parameters(function: Node, source: Source) -> list[_Parameter]:
    """What is given to a function, without the object to which a method belongs."""
    holder = function.child_by_field_name("parameters")
    if holder is None:
        return []
    parameters: list[_Parameter] = []
    for node in holder.named_children:
        if node.type != "comment":
            parameters.append(_parameter(node, source))
    if parameters:
        first = parameters[0]
        if first.kind == "identifier" and first.name in _RECEIVERS:
            del parameters[0]
    return parameters


def _parameter(node: Node, source: Source) -> _Parameter:
    name = _first_field(node, "name", "pattern", "left")
    if name is None:
        name = node
        if node.type == "typed_parameter":  # the name in it is in no field
            name = node.named_children[0]
    has_default = _first_field(node, "value", "right") is not None
    return _Parameter(
        _text(name, source),
        name.type,
        is_optional=has_default or node.type == "optional_parameter",
        type=_type(node, "type", source),
    )


def _type(
    node: Node,
    field: str,
    source: Source,
) -> bytes:
    """A type as it is written; empty in languages in which it binds nobody."""
    if source.language not in _TYPED:
        return b""
    return _text(node.child_by_field_name(field), source)


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
            name = _text(called, source).rpartition(b".")[2]
            calls.append((name, _call(arguments, source, is_used=_is_used(node))))
    return calls


def _is_used(call: Node) -> bool:
    """Whether a call is more than a statement of its own, awaited or not."""
    above = call.parent
    while above is not None and above.type in ("await_expression", "await"):
        above = above.parent
    return above is None or above.type != "expression_statement"


def _call(
    arguments: Node,
    source: Source,
    *,
    is_used: bool,
) -> _Call | None:
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
            named.add(_text(argument.child_by_field_name("name"), source))
        elif argument.type != "comment":
            positional += 1
    return _Call(positional, frozenset(named), is_used)


def _text(node: Node | None, source: Source) -> bytes:
    """What a node holds; nothing for none."""
    if node is None:
        return b""
    return source.data[node.start_byte : node.end_byte]


def _node_within(
    tree: Tree,
    start: int,
    end: int,
) -> Node | None:
    """The smallest node around a stretch of bytes."""
    return tree.root_node.descendant_for_byte_range(start, end)
