"""SCSS: as CSS, with nested rules, mixins, functions and variables."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.stylesheets import stylesheet

FACTS = LanguageFacts(
    extensions="scss",
    is_document=True,
    names_repeat=True,
    order_counts=True,
)

LANGUAGE = stylesheet("tree_sitter_scss:language")
