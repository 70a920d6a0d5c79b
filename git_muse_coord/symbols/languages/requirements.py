"""Requirements of pip: packages, read by ``formats.packages``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    patterns="requirements*.txt constraints*.txt requirements*.in",
    reader="formats.packages:read_requirements",
    is_document=True,
)
