"""Starlark: as Python, with the targets of builds by their names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages import python
from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    IMPORT,
    Declaration,
    Place,
    child,
    unquote,
)

if TYPE_CHECKING:
    from tree_sitter import Node


def _call(node: Node, place: Place) -> Declaration | None:
    """``cc_library(name = "lib")`` is the target ``lib``."""
    if place.local:
        return None
    if place.field(node, "function") == "load":
        return IMPORT
    arguments = child(node, "argument_list")
    for argument in arguments.named_children if arguments is not None else ():
        is_name = argument.type == "keyword_argument" and place.field(argument, "name") == "name"
        value = argument.child_by_field_name("value")
        if is_name and value is not None and value.type == "string":
            return Declaration((unquote(place.text(value)),), "target", arguments, local=True)
    return None


FACTS = LanguageFacts(
    version=2,
    extensions="bzl star bazel",
    files="BUILD WORKSPACE",
    last_definition_counts=True,
)

LANGUAGE = replace(
    python.LANGUAGE,
    grammar="tree_sitter_starlark:language",
    rules={**python.LANGUAGE.rules, "call": _call},
)
