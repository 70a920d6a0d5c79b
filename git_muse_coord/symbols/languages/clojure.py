"""Clojure: read by ``formats.clojure``."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    extensions="clj cljs cljc bb",
    reader="formats.clojure:read_clojure",
)
