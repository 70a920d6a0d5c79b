"""Luau: as Lua, with types."""

from __future__ import annotations

from dataclasses import replace

from git_muse_coord.symbols.languages import lua
from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import define

FACTS = LanguageFacts(
    extensions="luau",
    uses="others",
    last_definition_counts=True,
)

LANGUAGE = replace(
    lua.LANGUAGE,
    grammar="tree_sitter_luau:language",
    rules={**lua.LANGUAGE.rules, "type_definition": define("type", body="")},
)
