"""Astro: components, read by ``formats.components``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    version=2,
    extensions="astro",
    reader="formats.components:read_astro",
    code="formats.components:code_of_astro",
    uses="ecmascript",
    last_definition_counts=True,
)
