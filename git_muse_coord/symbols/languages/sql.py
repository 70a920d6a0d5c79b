"""SQL: what is created and altered, read by ``formats.sql``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    extensions="sql ddl pgsql psql",
    reader="formats.sql:read_sql",
    is_document=True,
    names_repeat=True,
    order_counts=True,
)
