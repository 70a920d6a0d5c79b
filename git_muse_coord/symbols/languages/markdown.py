"""Markdown: the grammar only; headings are read by ``prose``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import Facts
from git_muse_coord.symbols.languages.table import Language

FACTS = Facts(
    extensions="md markdown mdown mkd mdx",
    is_document=True,
    is_prose=True,
)

LANGUAGE = Language(grammar="tree_sitter_markdown:language")
