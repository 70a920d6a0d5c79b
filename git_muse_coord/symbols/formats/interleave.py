"""Joining what was found in code with the text around it, in one file."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from git_muse_coord.symbols.formats.outline import Token
from git_muse_coord.symbols.walked import Definition, Walked


def interleave(walked: Walked, around: Sequence[Token]) -> None:
    """Put the tokens around code, in their order, among those of the code.

    A piece has all that lies between its first token and its last one.
    """
    if not around:
        return
    outer_starts = [token.start for token in around]
    before: list[int] = []
    """How many of the outer tokens stand before each token of the code."""
    for start in walked.starts:
        before.append(bisect_left(outer_starts, start))
    _shift(walked, before)
    merged: list[tuple[int, int, bytes]] = []
    for start, text in zip(walked.starts, walked.tokens, strict=True):
        # the mark that a node ends begins where the last leaf does: they stay in their order
        merged.append((start, len(merged), text))
    for token in around:
        merged.append((token.start, len(merged), token.text))
    merged.sort()
    walked.starts.clear()
    walked.tokens.clear()
    for start, _, text in merged:
        walked.starts.append(start)
        walked.tokens.append(text)


def _shift(walked: Walked, before: Sequence[int]) -> None:
    """Let the pieces count with the tokens that are yet to be put in."""
    for piece in walked.pieces():
        first = piece.first
        last = piece.last
        piece.first = first + _before(before, first)
        # a piece without tokens gets none of those around it
        if last > first:
            piece.last = last + before[last - 1]
        else:
            piece.last = piece.first
        if not isinstance(piece, Definition):
            continue
        inner = piece.inner_last
        if inner > first:
            piece.inner_last = inner + before[inner - 1]
        else:
            piece.inner_last = piece.first


def _before(before: Sequence[int], index: int) -> int:
    """How many stand before a token; behind the last one there are as many as before it."""
    if index < len(before):
        return before[index]
    return before[-1] if before else 0
