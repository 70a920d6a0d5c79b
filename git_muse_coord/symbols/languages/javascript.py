"""JavaScript, with JSX."""

from __future__ import annotations

from git_muse_coord.symbols.languages import ecmascript
from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import Language

FACTS = LanguageFacts(
    version=4,
    extensions="js mjs cjs jsx es6",
    interpreters="node",
    uses="ecmascript",
    last_definition_counts=True,
    has_overloads=True,
    signatures_are_read=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_javascript:language",
    rules=ecmascript.RULES,
    comments=ecmascript.COMMENTS,
    wrappers=ecmascript.WRAPPERS,
    decorations=frozenset({"decorator"}),
    closures=ecmascript.CLOSURES,
    optional=ecmascript.OPTIONAL,
    loose=ecmascript.LOOSE,
    signs=ecmascript.SIGNS,
    keys=ecmascript.KEYS,
    separators=ecmascript.SEPARATORS,
    quotes_alike=True,
    strict=ecmascript.STRICT,
    directives=ecmascript.DIRECTIVES,
)
