"""Dart: read by ``formats.braces``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    extensions="dart",
    reader="formats.braces:read_dart",
)
