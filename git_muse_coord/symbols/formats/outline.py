"""What a small reader finds in a file, and what ``assemble`` needs of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from git_muse_coord.symbols.walked import MAX_DEPTH, Definition, Walked

IMPORTS = "<imports>"
"""The kind of what is no symbol, but an import of the file."""
COMMENT = "comment"
"""The group of a pattern for tokens that matches a comment."""
OPENING = frozenset({b"{", b"(", b"["})
_CLOSING = frozenset({b"}", b")", b"]"})
_WORD = re.compile(
    rb"(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|\\(?!\s)[^\n]?|[^\s\"'\\]|[\"'])+|\\", re.DOTALL
)
"""What blanks end, unless they are quoted."""


class Token(NamedTuple):
    """A word, a text in quotes, a sign: what counts, between blanks and comments that do not."""

    start: int
    end: int
    text: bytes


class Outlined(NamedTuple):
    """A named piece of a file, in bytes. It lies in the pieces around it, or beside them."""

    start: int
    end: int
    body: int
    """Where its head ends."""
    names: tuple[str, ...]
    """Its own alone: those around it come before."""
    kind: str


class Scan(NamedTuple):
    """The tokens and comments of a file, in its order."""

    tokens: list[Token]
    comments: list[tuple[int, int]]


def scan(data: bytes, pattern: re.Pattern[bytes]) -> Scan:
    """Cut a file into tokens. The pattern must match at every byte that is no blank."""
    tokens: list[Token] = []
    comments: list[tuple[int, int]] = []
    for match in pattern.finditer(data):
        if match.lastgroup == COMMENT:
            comments.append(match.span())
        else:
            tokens.append(Token(match.start(), match.end(), _unix(match.group())))
    return Scan(tokens, comments)


def _unix(text: bytes) -> bytes:
    # how lines end is formatting, in texts too
    return text.replace(b"\r\n", b"\n")


def logical_lines(data: bytes, comment_signs: bytes = b"#") -> Iterator[tuple[int, int]]:
    """Where each line begins and ends, without its line end; one that ends in a backslash goes on in the next.

    A comment does not: it begins with one of the signs.
    """
    signs = {bytes([sign]) for sign in comment_signs}
    start = 0
    size = len(data)
    while start < size:
        end = _line_end(data, start)
        if data[start:end].lstrip()[:1] not in signs:
            while data[start:end].rstrip(b"\r").endswith(b"\\") and end < size:
                end = _line_end(data, end + 1)
        yield start, end
        start = end + 1


def _line_end(data: bytes, start: int) -> int:
    end = data.find(b"\n", start)
    return len(data) if end < 0 else end


def add_words(
    found: Scan,
    data: bytes,
    start: int,
    end: int,
) -> None:
    """Take the words of a stretch for tokens; what stands in quotes is one, blanks and all."""
    for word in _WORD.finditer(data, start, end):
        found.tokens.append(Token(word.start(), word.end(), _unix(word.group())))


def add_lines(
    found: Scan,
    data: bytes,
    start: int,
    end: int,
) -> None:
    """Take the lines of a stretch for tokens, blanks and all."""
    while start < end:
        line_end = min(_line_end(data, start), end)
        text = data[start:line_end].rstrip(b"\r")
        found.tokens.append(Token(start, line_end + 1, text or b"\n"))
        start = line_end + 1


def piece_of(
    tokens: Sequence[Token],
    first: int,
    body: int,
    end: int,
    names: tuple[str, ...],
    kind: str,
) -> Outlined:
    """A piece from one token to before another; ``body`` is the first behind its head, ``end`` where it has no more."""
    stop = tokens[end - 1].end
    # what has no body is all head
    body_start = tokens[body].start if body < end else stop
    return Outlined(
        tokens[first].start,
        stop,
        body_start,
        names,
        kind,
    )


def outlined(found: Scan, items: Sequence[Outlined]) -> Walked:
    """Items, in the order in which they begin, as definitions over tokens."""
    walked = Walked()
    for token in found.tokens:
        walked.starts.append(token.start)
        walked.tokens.append(token.text)
    walked.keep_comments(found.comments)
    around: list[Definition] = []
    for item in items:
        # of a name of control characters nothing is left, and what has none cannot be reserved
        if not all(item.names):
            continue
        while around and around[-1].end <= item.start:
            around.pop()
        # what is nested deeper is told by what is around it
        if len(around) < MAX_DEPTH:
            definition = definition_of(item, walked.starts, around[-1] if around else None)
            if item.kind == IMPORTS:
                walked.imports.append(definition)
            else:
                walked.definitions.append(definition)
                around.append(definition)
    return walked


def definition_of(
    item: Outlined,
    starts: Sequence[int],
    parent: Definition | None,
) -> Definition:
    """A named piece as a definition over the tokens that begin at these bytes."""
    first = bisect_left(starts, item.start)
    last = bisect_left(starts, item.end, first)
    names = item.names if parent is None else (*parent.names, *item.names)
    definition = Definition(
        item.start,
        item.end,
        first,
        last,
        names,
        (),
        item.kind,
    )
    definition.body_start = item.body
    definition.body_end = item.end
    definition.inner_last = last
    definition.parent = parent
    return definition


def behind_bracket(
    tokens: Sequence[Token],
    opening: int,
    end: int,
) -> int:
    """The index behind the bracket that closes the one at ``opening``; ``end`` where none does."""
    depth = 0
    for index in range(opening, end):
        text = tokens[index].text
        if text in OPENING:
            depth += 1
        elif text in _CLOSING:
            depth -= 1
            if depth == 0:
                return index + 1
    return end
