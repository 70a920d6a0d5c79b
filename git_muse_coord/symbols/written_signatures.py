"""What can be given to a function, and what calls give to one, where arguments can be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from git_muse_coord.symbols.clips import Source

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

TYPED = ("typescript", "tsx")
"""Where a type that changes can be a break."""
_RECEIVERS = (b"self", b"cls", b"this")
_SPREAD = ("list_splat", "dictionary_splat", "spread_element")


class WrittenSignature(NamedTuple):
    """What can be given to a function; the names of typed parameters stand with their types."""

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


class WrittenCall(NamedTuple):
    """What a call gives."""

    positional: int
    named: frozenset[bytes]
    is_used: bool
    """Whether something is done with what it gives."""


NamedCall = tuple[bytes, WrittenCall | None]
"""The last name of what is called, and what the call gives to it."""


def signature_of(source: Source, tree: Tree) -> WrittenSignature | None:
    """What can be given to a function; None where a parameter has no name."""
    function = function_of(source, tree)
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
    is_async = any(child.type == "async" for child in function.children)
    return WrittenSignature(
        tuple(positional),
        frozenset(named),
        frozenset(required),
        takes_more,
        takes_any,
        is_async,
        _type(function, "return_type", source),
    )


def function_of(source: Source, tree: Tree) -> Node | None:
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
    if source.language not in TYPED:
        return b""
    return _text(node.child_by_field_name(field), source)


def _first_field(node: Node, *fields: str) -> Node | None:
    for field in fields:
        child = node.child_by_field_name(field)
        if child is not None:
            return child
    return None


def all_calls(source: Source, tree: Tree) -> list[NamedCall]:
    """The calls in a symbol."""
    symbol = source.symbol
    calls: list[NamedCall] = []
    around = _node_within(tree, symbol.start_byte, symbol.end_byte)
    waiting = [around] if around is not None else []
    while waiting:
        node = waiting.pop()
        waiting.extend(node.named_children)
        called = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        arguments = node.child_by_field_name("arguments")
        if called is not None and arguments is not None:
            _, _, name = _text(called, source).rpartition(b".")
            call = _call(arguments, source, is_used=_is_used(node))
            calls.append((name, call))
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
) -> WrittenCall | None:
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
            name = argument.child_by_field_name("name")
            named.add(_text(name, source))
        elif argument.type != "comment":
            positional += 1
    return WrittenCall(positional, frozenset(named), is_used)


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
