"""Jupyter notebooks: cells and the code in them, read by ``formats.notebook``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    version=2,
    extensions="ipynb",
    reader="formats.notebook:read_notebook",
    code="formats.notebook:code_of_notebook",
    uses="python",
    is_document=True,
    names_repeat=True,
    order_counts=True,
)
