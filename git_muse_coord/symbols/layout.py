"""What formatters do inside of a node: modifiers and imports in another order, a comma at the end."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from git_muse_coord.symbols.languages.table import Language
    from git_muse_coord.symbols.walked import Walked


def settle_layout(
    node: Node | None,
    language: Language,
    walked: Walked,
    first: int,
) -> None:
    """Give the tokens of a node, which begin at index ``first``, the one form that all its layouts share."""
    if node is None:
        return
    if node.type in language.trailing and walked.tokens[-1:] == [b","]:
        walked.tokens.pop()
        walked.starts.pop()
    movable = language.unordered.get(node.type)
    if movable:
        _sort(node, movable, walked, first)


def _sort(
    node: Node,
    movable: frozenset[str],
    walked: Walked,
    first: int,
) -> None:
    """Put the children of some kinds in order, each in the place of another one."""
    tokens = walked.tokens
    bounds: list[int] = []
    for child in node.children:
        # the mark that a child ends stands where its last leaf begins, so before the next child
        bounds.append(bisect_left(walked.starts, child.start_byte, first))
    bounds.append(len(tokens))
    places: list[tuple[int, int]] = []
    for number, child in enumerate(node.children):
        if child.type in movable:
            places.append((bounds[number], bounds[number + 1]))
    groups = [tokens[start:end] for start, end in places]
    if len(places) < 2:
        return
    # what is remembered of tokens by their numbers must stay where it is
    has_decorations = bool(walked.decorations) and walked.decorations[-1].first >= first
    sizes = set(map(len, groups))
    if has_decorations and len(sizes) > 1:
        return
    groups.sort(reverse=True)
    # from the last one on: groups of another size move only what was put in place already
    for (start, end), group in zip(reversed(places), groups, strict=True):
        tokens[start:end] = group
