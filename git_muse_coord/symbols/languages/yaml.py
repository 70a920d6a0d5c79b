"""YAML: the keys of mappings, nested; of what lies in sequences only the steps of workflows have names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.pairs import key_with_value
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Place,
    first_named,
    unquote,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_STEPS = "steps"


def _key(node: Node, place: Place) -> Declaration | None:
    """Of keys only the one with the steps of a workflow says what lies in its sequence."""
    declaration = key_with_value(node, place)
    if declaration is None or declaration.names != (_STEPS,):
        return declaration
    return declaration._replace(kind=_STEPS)


def _step(node: Node, place: Place) -> Declaration | None:
    """A step of a workflow by its id, or else by its name."""
    if place.scope != _STEPS:
        return None
    names: dict[str, str] = {}
    mapping = first_named(first_named(node))
    for pair in mapping.named_children if mapping is not None else ():
        key = place.field(pair, "key")
        if key in ("id", "name"):
            names[key] = unquote(place.field(pair, "value"))
    name = names.get("id") or names.get("name")
    return Declaration((name,), "step", mapping, local=True) if name else None


FACTS = LanguageFacts(
    version=2,
    extensions="yaml yml",
    files=".clang-format CITATION.cff",
    is_document=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_yaml:language",
    rules={"block_mapping_pair": _key, "flow_pair": key_with_value, "block_sequence_item": _step},
    verbatim=frozenset({"block_scalar", "double_quote_scalar", "single_quote_scalar"}),
    # what is in a sequence has no name of its own, but for steps
    closures=frozenset({"block_sequence", "flow_sequence"}),
    # it keeps four bytes for each level that is open, in 1,024
    deadly=re.compile(rb"^[ \t?:-]{240}", re.MULTILINE),
    # machines in a cloud, and readers of RAML, tell their files by the first line
    heads=re.compile(rb"\A#(?:!|cloud-config\b|%RAML\b).*"),
)
