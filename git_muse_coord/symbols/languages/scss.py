"""SCSS: as CSS, with nested rules, mixins, functions and variables."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.stylesheets import COMMENTS, RULES, VERBATIM
from git_muse_coord.symbols.languages.table import Language

FACTS = LanguageFacts(
    extensions="scss",
    is_document=True,
    names_repeat=True,
    order_counts=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_scss:language",
    rules=RULES,
    comments=COMMENTS,
    verbatim=VERBATIM,
)
