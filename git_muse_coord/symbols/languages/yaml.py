"""YAML: the keys of mappings, nested; what lies in sequences has no name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import Declaration, Language, Place, unquote

if TYPE_CHECKING:
    from tree_sitter import Node


def _pair(node: Node, place: Place) -> Declaration | None:
    key = unquote(place.field(node, "key"))
    if not key or place.local:
        return None
    return Declaration((key,), "key", node.child_by_field_name("value"))


FACTS = LanguageFacts(
    extensions="yaml yml",
    files=".clang-format CITATION.cff",
    is_document=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_yaml:language",
    rules={"block_mapping_pair": _pair, "flow_pair": _pair},
    verbatim=frozenset({"block_scalar", "double_quote_scalar", "single_quote_scalar"}),
    # what is in a sequence has no name of its own
    closures=frozenset({"block_sequence", "flow_sequence"}),
    # it keeps four bytes for each level that is open, in 1,024
    deadly=re.compile(rb"^[ \t?:-]{240}", re.MULTILINE),
    # machines in a cloud, and readers of RAML, tell their files by the first line
    heads=re.compile(rb"\A#(?:!|cloud-config\b|%RAML\b).*"),
)
