"""Elixir: modules, protocols, functions, macros, tests; all of them are calls to the grammar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    IMPORT,
    Declaration,
    Language,
    Names,
    Place,
    child,
    first_named,
    unquote,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_MODULES = {"defmodule": "module", "defprotocol": "protocol", "defimpl": "impl"}
_FUNCTIONS = frozenset(
    {"def", "defp", "defmacro", "defmacrop", "defguard", "defguardp", "defdelegate"}
)
_TESTS = frozenset({"test", "describe", "property"})
_IMPORTING = frozenset({"import", "alias", "require", "use"})


def _call(node: Node, place: Place) -> Declaration | None:
    word = place.field(node, "target")
    if word in _IMPORTING:
        return None if place.local or place.scope else IMPORT
    arguments = child(node, "arguments")
    first = first_named(arguments)
    if arguments is None or first is None:
        return None
    body = child(node, "do_block") or child(arguments, "keywords")
    if word in _MODULES:
        return Declaration(_module_names(word, arguments, place), _MODULES[word], body)
    if word in _FUNCTIONS and not place.local:
        name = _function_name(first, place)
        return Declaration((name,), "function", body, local=True) if name else None
    if word in _TESTS and first.type == "string":
        return Declaration((unquote(place.text(first)),), "test", body, local=word != "describe")
    return None


def _module_names(
    word: str,
    arguments: Node,
    place: Place,
) -> Names:
    name = place.text(first_named(arguments))
    if word != "defimpl":
        return tuple(name.split("."))
    keywords = child(arguments, "keywords")
    target = place.text(keywords).removeprefix("for:").strip() if keywords is not None else ""
    # one protocol is implemented for many types
    return (f"{name}-{target}",) if target else (name,)


def _function_name(head: Node, place: Place) -> str:
    """``f`` of ``f(a)``, of ``f(a) when b`` and of ``f``."""
    while head.type == "binary_operator":
        left = head.child_by_field_name("left")
        if left is None:
            return ""
        head = left
    if head.type == "call":
        return place.field(head, "target")
    return place.text(head) if head.type == "identifier" else ""


def _attribute(node: Node, place: Place) -> Declaration | None:
    """``@limit 5`` is a constant of its module; ``@doc`` and its like belong to what follows."""
    operand = node.child_by_field_name("operand")
    if place.local or operand is None or operand.type != "call":
        return None
    name = place.field(operand, "target")
    if not name or name in _ABOUT_OTHERS:
        return None
    return Declaration((f"@{name}",), "constant", child(operand, "arguments"))


_ABOUT_OTHERS = frozenset({"doc", "moduledoc", "typedoc", "spec", "impl", "deprecated", "tag"})

FACTS = LanguageFacts(
    extensions="ex exs",
    interpreters="elixir",
    names_repeat=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_elixir:language",
    rules={"call": _call, "unary_operator": _attribute},
    verbatim=frozenset({"string", "charlist", "sigil", "quoted_atom"}),
    closures=frozenset({"anonymous_function"}),
)
