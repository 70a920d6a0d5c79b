"""TypeScript."""

from __future__ import annotations

from git_muse_coord.symbols.languages import ecmascript
from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import Language

FACTS = LanguageFacts(
    version=4,
    extensions="ts mts cts",
    interpreters="deno bun",
    uses="ecmascript",
    last_definition_counts=True,
    has_overloads=True,
    signatures_are_read=True,
    types_are_checked=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_typescript:language_typescript",
    rules=ecmascript.RULES | ecmascript.TYPE_RULES,
    comments=ecmascript.COMMENTS,
    wrappers=ecmascript.WRAPPERS,
    decorations=frozenset({"decorator"}),
    attached=frozenset({"decorator"}),
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
