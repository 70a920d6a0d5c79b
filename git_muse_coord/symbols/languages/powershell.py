"""PowerShell: read by ``formats.braces``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    extensions="ps1 psm1",
    interpreters="pwsh",
    last_definition_counts=True,
    reader="formats.braces:read_powershell",
)
