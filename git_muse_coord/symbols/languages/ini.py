"""INI: sections and keys, read by ``formats.keyed_lines``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    extensions="ini cfg gitconfig desktop service",
    files=".editorconfig .gitconfig .gitmodules .pylintrc .flake8 .npmrc",
    reader="formats.keyed_lines:read_ini",
    is_document=True,
)
