"""reStructuredText: headings are read by ``prose``, without a grammar."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    extensions="rst",
    reader="prose:read_document",
    is_document=True,
    is_prose=True,
    names_repeat=True,
)
