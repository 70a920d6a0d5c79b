"""GraphQL: types with their fields, operations and fragments, directives."""

from __future__ import annotations

import re

from git_muse_coord.symbols.formats.outline import (
    Outlined,
    Token,
    behind_bracket,
    outlined,
    piece_of,
    scan,
)
from git_muse_coord.symbols.languages.table import clean_name
from git_muse_coord.symbols.walked import Walked

_TOKEN = re.compile(
    rb"(?P<comment>#[^\n]*)"
    rb"|\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*(?:\"\"\"|\Z)|\"(?:[^\"\\\n]|\\.)*\"?"
    rb"|[$@]?\w+|\.\.\.|\S",
    re.DOTALL,
)
_NAME = re.compile(rb"\w+\Z")
_WITH_FIELDS = frozenset({b"type", b"interface", b"input", b"enum"})
_WORDS = _WITH_FIELDS | {
    b"union", b"scalar", b"directive", b"query", b"mutation", b"subscription", b"fragment", b"schema",
}  # fmt: skip


def read_graphql(data: bytes) -> Walked:
    """What a schema or a document of operations defines."""
    found = scan(data, _TOKEN)
    tokens = found.tokens
    items: list[Outlined] = []
    index = 0
    while index < len(tokens):
        end = _end_of_definition(tokens, index)
        items += _definition(tokens, index, end)
        index = end
    return outlined(found, items)


def _word_at(tokens: list[Token], index: int) -> int:
    """Where the word of a definition stands that begins at an index, with a description or an ``extend`` before it."""
    # at most two tokens stand before it
    for ahead in range(index, min(index + 3, len(tokens))):
        text = tokens[ahead].text
        if text in _WORDS:
            return ahead
        if text != b"extend" and not text.startswith(b'"'):
            break
    return -1


def _end_of_definition(tokens: list[Token], first: int) -> int:
    """The index behind a definition: behind its braces, or where the next one begins."""
    word = _word_at(tokens, first)
    index = first + 1 if word < 0 else word + 2
    while index < len(tokens):
        text = tokens[index].text
        if text == b"{":
            return behind_bracket(tokens, index, len(tokens))
        if text in (b"(", b"["):
            index = behind_bracket(tokens, index, len(tokens))
            continue
        # a name of the union or interface above can be one of the words: those follow a sign
        follows_sign = tokens[index - 1].text in (b"=", b"|", b"&", b"on", b":")
        if _word_at(tokens, index) >= 0 and not follows_sign:
            return index
        index += 1
    return len(tokens)


def _definition(
    tokens: list[Token],
    first: int,
    end: int,
) -> list[Outlined]:
    word = _word_at(tokens, first)
    if word < 0:
        return []
    body = word + 1
    while body < end and tokens[body].text != b"{":
        # default values in brackets can hold braces
        is_open = tokens[body].text in (b"(", b"[")
        body = behind_bracket(tokens, body, end) if is_open else body + 1
    kind = clean_name(tokens[word].text)
    name = kind
    if kind != "schema":
        at = word + 1
        written = tokens[at].text if at < end else b""
        # a directive is defined with its sign
        name = clean_name(written.lstrip(b"@"))
    if not re.fullmatch(r"\w+", name):
        return []
    definition = piece_of(
        tokens,
        first,
        body,
        end,
        (name,),
        kind,
    )
    if tokens[word].text not in _WITH_FIELDS or body >= end:
        return [definition]
    return [definition, *_fields(tokens, body + 1, end - 1)]


def _fields(
    tokens: list[Token],
    first: int,
    end: int,
) -> list[Outlined]:
    """The fields of a type, or the values of an enum, each with the description before it."""
    begins: list[tuple[int, int]] = []
    index = first
    while index < end:
        text = tokens[index].text
        start = index
        # a description belongs to what it stands before
        if text.startswith(b'"') and index + 1 < end:
            index += 1
            text = tokens[index].text
        if _NAME.match(text):
            begins.append((start, index))
            index = _behind_field(tokens, index + 1, end)
        else:
            index += 1
    fields: list[Outlined] = []
    stop = end
    # from the last one on: nothing closes a field but the next one
    for start, name in reversed(begins):
        names = (clean_name(tokens[name].text),)
        field = piece_of(
            tokens,
            start,
            name + 1,
            stop,
            names,
            "field",
        )
        fields.append(field)
        stop = start
    fields.reverse()
    return fields


def _behind_field(
    tokens: list[Token],
    index: int,
    end: int,
) -> int:
    """The index behind a field: behind its arguments, its type, its default and its directives."""
    while index < end:
        text = tokens[index].text
        if text in (b"(", b"[", b"{"):
            index = behind_bracket(tokens, index, end)
        elif text in (b":", b"="):
            is_open = index + 1 < end and tokens[index + 1].text in (b"[", b"{")
            index = behind_bracket(tokens, index + 1, end) if is_open else index + 2
        elif text in (b"!", b",") or text.startswith(b"@"):
            index += 1
        else:
            break
    return index
