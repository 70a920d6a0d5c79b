"""Terraform and other HCL: blocks by their type and labels, and the attributes in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.table import (
    Declaration,
    Language,
    Place,
    child,
    last,
    unquote,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_LABELS = ("identifier", "string_lit")


def _block(node: Node, place: Place) -> Declaration | None:
    """``resource "aws_s3_bucket" "logs" {`` is ``resource.aws_s3_bucket.logs``."""
    names: list[str] = []
    for label in node.named_children:
        if label.type not in _LABELS:
            break
        names.append(unquote(place.text(label)))
    if not names or not all(names):
        return None
    opening = child(node, "block_start")
    return Declaration(tuple(names), "block", None if opening is None else opening.start_byte)


def _attribute(node: Node, place: Place) -> Declaration | None:
    name = place.text(child(node, "identifier"))
    if not name or node.named_child_count < 2:
        return None
    return Declaration((name,), "key", last(node))


FACTS = LanguageFacts(
    extensions="tf hcl tfvars tofu nomad pkr",
    is_document=True,
)

LANGUAGE = Language(
    grammar="tree_sitter_hcl:language",
    rules={"block": _block, "attribute": _attribute},
    verbatim=frozenset({"string_lit", "heredoc_template"}),
    # what is in an object has keys of any form, and belongs to its attribute
    closures=frozenset({"object"}),
)
