"""Environments: variables, read by ``formats.keyed_lines``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    extensions="env",
    files=".env .envrc",
    patterns=".env.*",
    reader="formats.keyed_lines:read_environment",
    is_document=True,
)
