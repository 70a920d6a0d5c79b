"""Less: as CSS, with nested rules, mixins and variables."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.stylesheets import COMMENTS, RULES, VERBATIM
from git_muse_coord.symbols.languages.table import Language, by_kind, define

FACTS = LanguageFacts(
    extensions="less",
    is_document=True,
    names_repeat=True,
    order_counts=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_less:language",
    rules=RULES
    | {"mixin_definition": define("mixin", by_kind("class_name", "id_name"), "block", local=True)},
    comments=COMMENTS,
    verbatim=VERBATIM,
)
