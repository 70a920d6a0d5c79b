"""Interfaces of OCaml: what a module shows of itself."""

from __future__ import annotations

from dataclasses import replace

from git_muse_coord.symbols.languages import ocaml
from git_muse_coord.symbols.languages.facts import LanguageFacts

FACTS = LanguageFacts(
    extensions="mli",
    package="tree_sitter_ocaml",
)

LANGUAGE = replace(ocaml.LANGUAGE, grammar="tree_sitter_ocaml:language_ocaml_interface")
