"""What JavaScript and TypeScript name by giving it a value: variables, exports, prototypes, fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.table import (
    Declaration,
    Names,
    Place,
    child,
    first_named,
    imports,
    several,
    unquote,
)

if TYPE_CHECKING:
    from tree_sitter import Node

FUNCTIONS = frozenset({"arrow_function", "function_expression", "generator_function"})
_VALUES_WITH_A_NAME = FUNCTIONS | {"class"}
_WRAPPED = ("parenthesized_expression", "as_expression", "satisfies_expression")
_ACCESSES = ("member_expression", "subscript_expression")
_KEYS = ("property_identifier", "private_property_identifier", "string")
_MODULE = (("module", "exports"), ("exports",))
_LEFT = re.compile(rb"([\w$.]+)\s*=\Z")
_MAX_CHAIN = 100
"""The most further names of one value."""


def declarator(node: Node, place: Place) -> Declaration | None:
    """``const a = 1``, ``const {a, b} = value``."""
    name = node.child_by_field_name("name")
    if name is None:
        return None
    right = node.child_by_field_name("value")
    if name.type == "identifier":
        names = (place.text(name),)
        # By custom: nothing in the language makes a value a constant of this sort.
        is_constant = names[0].isupper()
        plain = "constant" if is_constant else "variable"
        seen = _valued(names, right, place, plain=plain)
        return _with_aliases(seen, names, right, place)
    if place.local:
        return None
    return several(_bound(name, place), "variable", right)


def assignment(node: Node, place: Place) -> Declaration | None:
    """``exports.g = function () {}``, ``Foo.prototype.h = ...``, ``module.exports = class {}``."""
    path = path_of(node.child_by_field_name("left"), place)
    if path is None or _continues(node, place):
        return None
    right = node.child_by_field_name("right")
    if path in _MODULE:
        return _whole_module(right, place)
    names = _without_exports(path)
    if not names:
        return None
    is_global = len(path) == 1 and not place.local
    if is_global and unwrap(right) is None:
        return None
    # other objects get properties everywhere, and only functions among these are worth a name
    is_exported = path[0] in ("exports", "module")
    is_of_class = "prototype" in path[:-1]
    plain = "variable" if is_exported or is_of_class else ""
    seen = _valued(names, right, place, plain=plain)
    return _with_aliases(seen, path, right, place)


def pair(node: Node, place: Place) -> Declaration | None:
    """``key: value`` of an object, for what functions are in it."""
    key = unquote(place.field(node, "key"))
    if not key:
        return None
    right = node.child_by_field_name("value")
    return _valued((key,), right, place, plain="")


def class_field(node: Node, place: Place) -> Declaration | None:
    """``handler = () => {}`` is a function, anything else a field."""
    # JavaScript and TypeScript have two names for the field of the name
    name = node.child_by_field_name("property") or node.child_by_field_name("name")
    key = unquote(place.text(name))
    if not key:
        return None
    right = node.child_by_field_name("value")
    seen = _valued((key,), right, place, plain="")
    if seen is not None and seen.kind:
        return seen
    return Declaration((key,), "field", right)


def export(node: Node, place: Place) -> Declaration | None:
    """``export default`` of something without a name; ``export ... from``."""
    if child(node, "default") is None:
        # What is exported from here is declared by a node of its own.
        if node.child_by_field_name("source") is None:
            return None
        return imports(node, place)
    exported = node.child_by_field_name("value")
    if exported is None:
        return _default_declaration(node)
    name = exported.child_by_field_name("name")
    if name is not None and exported.type in _VALUES_WITH_A_NAME:
        own_name = place.text(name)
        return _valued((own_name,), exported, place, plain="")
    return _valued(("default",), exported, place, plain="value")


def unwrap(node: Node | None) -> Node | None:
    """The value itself, without parentheses, casts and chained assignments around it."""
    while node is not None:
        if node.type == "assignment_expression":
            node = node.child_by_field_name("right")
        elif node.type in _WRAPPED:
            node = first_named(node)
        else:
            break
    return node


def path_of(node: Node | None, place: Place) -> Names | None:
    """``Foo.prototype.h`` as its names, or None for what is no plain path."""
    names: list[str] = []
    while node is not None and node.type in _ACCESSES:
        step = node.child_by_field_name("property") or node.child_by_field_name("index")
        if step is None or step.type not in _KEYS:
            return None
        name = unquote(place.text(step))
        names.append(name)
        node = node.child_by_field_name("object")
    # of `f().name` and the like nobody knows what has the name
    if node is None or node.type not in ("identifier", "this"):
        return None
    names.append(place.text(node))
    # read from the last name to the first
    names.reverse()
    return tuple(names)


def _valued(
    names: Names,
    right: Node | None,
    place: Place,
    *,
    plain: str,
) -> Declaration | None:
    """A name with a value: functions and classes always count, the rest outside of functions.

    ``plain`` is the kind of the rest; when it is empty, the rest does not count.
    """
    inner = unwrap(right)
    kind = inner.type if inner is not None else ""
    if kind in FUNCTIONS:
        return Declaration(names, "function", right, local=True)
    if kind == "class":
        return Declaration(names, "class", right)
    if plain and not place.local:
        return Declaration(names, plain, right)
    # no symbol itself, but the functions in it are called by its name
    if kind == "object":
        return Declaration(names, "")
    return None


def _with_aliases(
    seen: Declaration | None,
    first: Names,
    right: Node | None,
    place: Place,
) -> Declaration | None:
    """What was seen, with the further names in ``app.del = app.delete = function () {}``."""
    if seen is None or not seen.kind:
        return seen
    also: list[str] = []
    while right is not None and right.type == "assignment_expression" and len(also) < _MAX_CHAIN:
        path = path_of(right.child_by_field_name("left"), place)
        if path is None or path[:-1] != first[:-1]:
            break
        also.append(path[-1])
        right = right.child_by_field_name("right")
    return seen._replace(also=tuple(also))


def _continues(node: Node, place: Place) -> bool:
    """Whether an assignment is inside another one to the same thing, which names it."""
    # what stands in front is read from the bytes: to ask for the parent takes as long as it is deep
    outer = _LEFT.search(place.before(node))
    left = node.child_by_field_name("left")
    if outer is None or left is None:
        return False
    own = place.data[left.start_byte : left.end_byte]
    around = outer[1]
    # `exports = module.exports = ...`
    if {own, around} == {b"exports", b"module.exports"}:
        return True
    own_holder, _, _ = own.rpartition(b".")
    holder, _, _ = around.rpartition(b".")
    return own_holder == holder


def _whole_module(right: Node | None, place: Place) -> Declaration | None:
    """``module.exports = function name() {}``."""
    inner = unwrap(right)
    if inner is None or inner.type not in _VALUES_WITH_A_NAME:
        return None
    name = place.field(inner, "name") or "default"
    return _valued((name,), right, place, plain="")


def _without_exports(path: Names) -> Names:
    """What is assigned to, without what says only that it is exported, or a method."""
    if path[:2] == ("module", "exports"):
        path = path[2:]
    elif path[0] == "exports":
        path = path[1:]
    return tuple(name for name in path if name not in ("prototype", "this"))


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
            # {key: name}: the key is somebody else's
            pending.append(node.child_by_field_name("value"))
        elif node.type in ("assignment_pattern", "object_assignment_pattern"):
            # {name = 1}: what is on the right is a default
            pending.append(node.child_by_field_name("left"))
        elif node.type in ("object_pattern", "array_pattern", "rest_pattern"):
            pending += reversed(node.named_children)
    return names


def _default_declaration(node: Node) -> Declaration | None:
    """``export default class {}``; with a name it is a declaration like all others."""
    declaration = node.child_by_field_name("declaration")
    if declaration is None:
        return None
    if declaration.child_by_field_name("name") is not None:
        return None
    return Declaration(("default",), "value")
