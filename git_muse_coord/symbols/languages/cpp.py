"""C++: what C has, and classes, namespaces, templates, members defined outside of their class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages import cfamily, macros
from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    Language,
    Names,
    Place,
    define,
)

if TYPE_CHECKING:
    from tree_sitter import Node


def _namespace(node: Node, place: Place) -> Names:
    """``namespace a::inline b``; one without a name has no name in addresses either."""
    names: list[str] = []
    for step in place.field(node, "name").split("::"):
        if bare := step.strip().removeprefix("inline ").strip():
            names.append(bare)
    return tuple(names)


FACTS = LanguageFacts(
    version=2,
    extensions="C cc cpp cxx c++ hpp hh hxx h++ ipp tpp inl cu cuh",
    uses="others",
    shares_names_with="c",
    has_overloads=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_cpp:language",
    rules=cfamily.RULES
    | {
        "class_specifier": cfamily.tagged,
        "namespace_definition": define("namespace", _namespace),
        "alias_declaration": define("type", body="type"),
        "concept_definition": define("concept"),
    },
    verbatim=cfamily.VERBATIM,
    unparsed=cfamily.UNPARSED,
    repair=macros.repair_cpp,
    doubts=macros.doubts,
    wrappers=frozenset({"template_declaration"}),
    decorations=frozenset({"attribute_declaration"}),
    closures=frozenset({"lambda_expression"}),
)
