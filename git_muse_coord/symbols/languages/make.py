"""Makefiles: targets with their recipes, and variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Place,
    child,
    define,
    imports,
    several,
)

if TYPE_CHECKING:
    from tree_sitter import Node


def _rule(node: Node, place: Place) -> Declaration | None:
    targets = child(node, "targets")
    if targets is None:
        return None
    names = place.text(targets).split()
    return several(names, "target", child(node, "recipe"))


FACTS = LanguageFacts(
    extensions="mk mak",
    files="Makefile makefile GNUmakefile",
    interpreters="make",
    is_document=True,
    names_repeat=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_make:language",
    rules={
        "rule": _rule,
        "variable_assignment": define("variable", body="value"),
        "shell_assignment": define("variable", body="value"),
        "define_directive": define("variable", body="value"),
        "include_directive": imports,
    },
    wrappers=frozenset({"export_directive", "override_directive"}),
    # what a shell is given, blanks and all
    verbatim=frozenset({"shell_text", "text", "raw_text"}),
)
