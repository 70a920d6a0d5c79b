"""Comments and attributes that stand right above a definition: they go where it goes."""

from __future__ import annotations

from collections.abc import Mapping

from git_muse_coord.symbols.walked import Definition, Piece, Walked

BLANK = b" \t\r\n\f"

Leads = Mapping[int, tuple[Piece, bool]]
"""What a definition can begin with, by the place where it ends, and whether it has tokens."""


def glue(data: bytes, walked: Walked) -> None:
    """Let each definition begin with the comments and attributes that stand right above it."""
    leads: dict[int, tuple[Piece, bool]] = {}
    for comment in walked.comments:
        has_tokens = comment.first < comment.last
        # Some grammars count the line end to a comment, so it is looked up by its last word.
        leads[before_blanks(data, comment.end)] = (comment, has_tokens)
    for attribute in walked.attached:
        leads[attribute.end] = (attribute, True)
    if not leads:
        return
    for definition in walked.definitions:
        _glue_to(definition, data, leads)


def before_blanks(data: bytes, position: int) -> int:
    """Where the blanks before a position begin."""
    while position and data[position - 1] in BLANK:
        position -= 1
    return position


def _glue_to(
    definition: Definition,
    data: bytes,
    leads: Leads,
) -> None:
    while True:
        start = definition.start
        end = before_blanks(data, start)
        lead = leads.get(end)
        if lead is None:
            return
        piece, has_tokens = lead
        # An empty line parts a comment from what it does not belong to.
        if data.count(b"\n", end, start) > 1:
            return
        if not _begins_line(data, piece.start):
            return
        definition.start = piece.start
        if has_tokens:
            definition.first = piece.first


def _begins_line(data: bytes, position: int) -> bool:
    line = data.rfind(b"\n", 0, position) + 1
    before = data[line:position].strip()
    if not before:
        return True
    return before.endswith((b"]", b"*/"))  # another attribute or comment
