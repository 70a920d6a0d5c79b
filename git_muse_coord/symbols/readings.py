"""Reading a file a second time without what the grammar stumbles over, and choosing the better of the two."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from tree_sitter import Tree

from git_muse_coord.symbols import grammar
from git_muse_coord.symbols.grammar import Grammar
from git_muse_coord.symbols.languages.replacements import Replacement, blank
from git_muse_coord.symbols.unread import left_out, unread_regions
from git_muse_coord.symbols.values import UnreadRegion
from git_muse_coord.symbols.walk import Walk
from git_muse_coord.symbols.walked import Walked

_MARKS = re.compile(rb"^(?:<{7}|[|]{7}|={7}|>{7})(?: [^\n]*)?\r?$", re.MULTILINE)
"""What git leaves in a file around the lines that conflict."""


_WORTH = 8
"""So many tokens may be unread for one more definition that is found."""


class Reading(NamedTuple):
    """What was found in a file, and what of it could not be read."""

    walked: Walked
    unread: tuple[UnreadRegion, ...]
    cost: int
    """The less, the better it was read."""


def read_code(
    loaded: Grammar,
    data: bytes,
    tree: Tree,
) -> Reading:
    """The better of at most two readings."""
    walked = Walk(loaded, data).run(tree)
    doubts = loaded.language.doubts(data, walked)
    first = _reading(data, walked, doubts)
    if not tree.root_node.has_error and not doubts:
        return first
    edits = _edits(loaded, data, tree, walked)
    if not edits:
        return first
    quiet = _applied(data, edits)
    second_tree = grammar.parse_source(loaded, quiet)
    if second_tree is None:
        return first
    walked = Walk(loaded, data).run(second_tree)
    doubts = loaded.language.doubts(data, walked)
    second = _reading(quiet, walked, doubts)
    # In doubt the text as somebody wrote it.
    if second.cost >= first.cost:
        return first
    spans: list[tuple[int, int]] = []
    for edit in edits:
        if edit.leaves_out:
            spans.append((edit.start, edit.end))
    omitted = left_out(data, spans)
    return second._replace(unread=(*second.unread, *omitted))


def _reading(
    text: bytes,
    walked: Walked,
    doubts: int,
) -> Reading:
    regions, lost = unread_regions(text, walked)
    # What a grammar takes for a definition that is none must not speak for a reading.
    trusted = len(walked.definitions) - doubts
    return Reading(walked, tuple(regions), lost - _WORTH * trusted)


def _edits(
    loaded: Grammar,
    data: bytes,
    tree: Tree,
    walked: Walked,
) -> list[Replacement]:
    """What to leave out or replace: of those that overlap, the one that begins first."""
    wanted: list[Replacement] = []
    for mark in _MARKS.finditer(data):
        wanted.append(blank(data, mark.start(), mark.end()))
    repair = loaded.language.repair
    if repair is not None:
        wanted += repair(data, tree, walked.unread)
    # Of two that begin together the longer one comes first, and is taken.
    wanted.sort(key=lambda edit: (edit.start, -edit.end))
    edits: list[Replacement] = []
    for edit in wanted:
        if not edits or edits[-1].end <= edit.start:
            edits.append(edit)
    return edits


def _applied(data: bytes, edits: Iterable[Replacement]) -> bytes:
    """The text with what is to be read instead, every other byte in its place."""
    quiet = bytearray(data)
    for edit in edits:
        quiet[edit.start : edit.end] = edit.text
    return bytes(quiet)
