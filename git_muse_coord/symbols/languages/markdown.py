"""Markdown: the grammar only; headings are read by ``prose``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import Language

FACTS = LanguageFacts(
    extensions="md markdown mdown mkd mdx",
    is_document=True,
    is_prose=True,
    names_repeat=True,
)

LANGUAGE = Language(grammar="tree_sitter_markdown:language")
