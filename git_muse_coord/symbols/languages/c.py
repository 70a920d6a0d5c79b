"""C: functions with bodies, tagged types, typedefs, macros with bodies, variables with values."""

from __future__ import annotations

from git_muse_coord.symbols.languages import cfamily, macros
from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import Language

FACTS = LanguageFacts(
    version=2,
    extensions="c",
    uses="others",
)

LANGUAGE = Language(
    grammar="tree_sitter_c:language",
    rules=cfamily.RULES,
    verbatim=cfamily.VERBATIM,
    unparsed=cfamily.UNPARSED,
    repair=macros.repair_c,
    doubts=macros.doubts,
    decorations=frozenset({"attribute_declaration"}),
    closures=frozenset({"compound_statement"}),
)
