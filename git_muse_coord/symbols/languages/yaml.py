"""YAML: the keys of mappings, nested; what lies in sequences has no name."""

from __future__ import annotations

import re

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.pairs import key_with_value
from git_muse_coord.symbols.languages.table import Language

FACTS = LanguageFacts(
    extensions="yaml yml",
    files=".clang-format CITATION.cff",
    is_document=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_yaml:language",
    rules={"block_mapping_pair": key_with_value, "flow_pair": key_with_value},
    verbatim=frozenset({"block_scalar", "double_quote_scalar", "single_quote_scalar"}),
    # what is in a sequence has no name of its own
    closures=frozenset({"block_sequence", "flow_sequence"}),
    # it keeps four bytes for each level that is open, in 1,024
    deadly=re.compile(rb"^[ \t?:-]{240}", re.MULTILINE),
    # machines in a cloud, and readers of RAML, tell their files by the first line
    heads=re.compile(rb"\A#(?:!|cloud-config\b|%RAML\b).*"),
)
