"""Shell: functions, variables of the script, sourced files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Place,
    function,
    imports,
)

if TYPE_CHECKING:
    from tree_sitter import Node


def _command(node: Node, place: Place) -> Declaration | None:
    """To the grammar these are commands like all others."""
    name = place.field(node, "name")
    if name in ("source", "."):
        return imports(node, place)
    if name != "alias" or place.local:
        return None
    argument = node.child_by_field_name("argument")
    title = place.text(argument).partition("=")[0]
    return Declaration((title,), "alias", argument) if title else None


def _variable(node: Node, place: Place) -> Declaration | None:
    name = node.child_by_field_name("name")
    # names[1]=x has a subscript for a name
    if place.local or name is None or name.type != "variable_name":
        return None
    # A=1 make sets it for that command only
    around = node.parent
    if around is not None and around.type == "command":
        return None
    return Declaration((place.text(name),), "variable", node.child_by_field_name("value"))


FACTS = LanguageFacts(
    extensions="sh bash zsh ksh bats",
    files=".bashrc .bash_profile .profile PKGBUILD",
    interpreters="sh bash dash ksh zsh",
    uses="others",
    last_definition_counts=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_bash:language",
    rules={
        "function_definition": function(),
        "variable_assignment": _variable,
        "command": _command,
    },
    verbatim=frozenset({"raw_string", "ansi_c_string", "string_content", "heredoc_body", "regex"}),
    wrappers=frozenset({"declaration_command"}),
    optional=frozenset({";", "\n"}),
    indented=frozenset({"heredoc_body"}),
    strict=frozenset({"c_style_for_statement"}),
    # zsh loads completions by their first line; batch systems read their own lines of scripts
    heads=re.compile(rb"\A#(?:!|compdef\b|autoload\b|SBATCH|PBS|BSUB|OAR|COBALT|FLUX:|\$ -).*"),
)
