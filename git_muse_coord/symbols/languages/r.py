"""R: read by ``formats.r``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    extensions="r",
    reader="formats.r:read_r",
    interpreters="Rscript",
    last_definition_counts=True,
)
