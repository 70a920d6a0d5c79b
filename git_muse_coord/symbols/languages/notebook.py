"""Jupyter notebooks: cells and the code in them, read by ``formats.notebook``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    extensions="ipynb",
    reader="formats.notebook:read_notebook",
    is_document=True,
    names_repeat=True,
    order_counts=True,
)
