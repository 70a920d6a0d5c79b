"""TypeScript with JSX: the table of TypeScript with another grammar."""

from __future__ import annotations

from dataclasses import replace

from git_muse_coord.symbols.languages import typescript

FACTS = typescript.FACTS._replace(extensions="tsx", interpreters="")

LANGUAGE = replace(typescript.LANGUAGE, grammar="tree_sitter_typescript:language_tsx")
