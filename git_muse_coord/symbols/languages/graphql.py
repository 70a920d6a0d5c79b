"""GraphQL: types with their fields, operations, read by ``formats.graphql``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    extensions="graphql graphqls gql",
    reader="formats.graphql:read_graphql",
    is_document=True,
)
