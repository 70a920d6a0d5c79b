"""Markdown: the grammar only; headings are read by ``prose``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.table import Language

LANGUAGE = Language(grammar="tree_sitter_markdown:language")
