"""Vue: components, read by ``formats.components``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    extensions="vue",
    reader="formats.components:read_vue",
    last_definition_counts=True,
)
