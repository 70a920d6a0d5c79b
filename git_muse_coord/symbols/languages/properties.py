"""Properties of Java: keys, read by ``formats.keyed_lines``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    extensions="properties",
    reader="formats.keyed_lines:read_properties",
    is_document=True,
)
