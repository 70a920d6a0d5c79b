"""Astro: components, read by ``formats.components``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    extensions="astro",
    reader="formats.components:read_astro",
    last_definition_counts=True,
)
