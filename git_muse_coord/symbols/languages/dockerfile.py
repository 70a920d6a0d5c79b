"""Dockerfiles: stages and arguments, read by ``formats.dockerfile``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    extensions="dockerfile containerfile",
    files="Dockerfile Containerfile",
    patterns="Dockerfile.* Containerfile.*",
    reader="formats.dockerfile:read_dockerfile",
    is_document=True,
    order_counts=True,
)
