"""AsciiDoc: headings, read by ``formats.asciidoc``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    extensions="adoc asciidoc asc",
    reader="formats.asciidoc:read_asciidoc",
    is_document=True,
    is_prose=True,
    names_repeat=True,
)
