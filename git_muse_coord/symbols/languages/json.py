"""JSON: the keys of objects, nested; what lies in arrays has no name."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.pairs import key_with_value
from git_muse_coord.symbols.languages.table import Language

FACTS = LanguageFacts(
    extensions="json jsonc json5 webmanifest",
    files=".babelrc",
    is_document=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_json:language",
    rules={"pair": key_with_value},
    # what is in an array has no name of its own
    closures=frozenset({"array"}),
)
