"""CSS: rules by their selectors, at-rules with what is in them, custom properties."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.stylesheets import stylesheet

FACTS = LanguageFacts(
    extensions="css pcss",
    is_document=True,
    names_repeat=True,
    order_counts=True,
)

LANGUAGE = stylesheet("tree_sitter_css:language")
