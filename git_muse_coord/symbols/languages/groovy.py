"""Groovy and Gradle: read by ``formats.braces``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    extensions="groovy gradle gvy",
    files="Jenkinsfile",
    has_overloads=True,
    reader="formats.braces:read_groovy",
)
