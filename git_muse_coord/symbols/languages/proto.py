"""Protocol buffers: messages, enums, services and what is in them, read by ``formats.proto``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    extensions="proto",
    reader="formats.proto:read_proto",
    is_document=True,
)
