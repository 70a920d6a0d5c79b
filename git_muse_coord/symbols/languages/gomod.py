"""Modules of Go: directives and the modules they name, read by ``formats.packages``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    files="go.mod go.work",
    reader="formats.packages:read_go_mod",
    is_document=True,
)
