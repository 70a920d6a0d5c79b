"""Erlang: read by ``formats.erlang``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    extensions="erl hrl",
    reader="formats.erlang:read_erlang",
    # the clauses of a function, and its type
    names_repeat=True,
)
