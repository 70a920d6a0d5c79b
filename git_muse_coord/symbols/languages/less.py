"""Less: as CSS, with nested rules, mixins and variables."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.stylesheets import stylesheet
from git_muse_coord.symbols.languages.table import by_kind, define

FACTS = LanguageFacts(
    extensions="less",
    is_document=True,
    names_repeat=True,
    order_counts=True,
)

LANGUAGE = stylesheet(
    "tree_sitter_less:language",
    mixin_definition=define("mixin", by_kind("class_name", "id_name"), "block", local=True),
)
