"""SQL: what CREATE and ALTER name; other statements are the text of the file."""

from __future__ import annotations

import re

from git_muse_coord.symbols.formats.outline import (
    Outlined,
    Token,
    outlined,
    piece_of,
    scan,
)
from git_muse_coord.symbols.languages.table import clean_name
from git_muse_coord.symbols.walked import Walked

_TOKEN = re.compile(
    rb"(?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))"
    # a body between dollars is a text; so is what has quotes around it, which stand twice inside
    rb"|(?P<tag>\$(?:[A-Za-z_]\w*)?\$).*?(?:(?P=tag)|\Z)"
    rb"|'(?:[^'\\]|''|\\.)*'?|\"(?:[^\"]|\"\")*\"?|`[^`]*`?|\[\w[^\]\n]*\]"
    rb"|[\w#@$]+|\S",
    re.DOTALL,
)
_KINDS = frozenset(
    {
        "table",
        "view",
        "index",
        "function",
        "procedure",
        "trigger",
        "type",
        "schema",
        "sequence",
        "extension",
        "policy",
        "domain",
        "role",
        "event",
        "database",
        "user",
        "aggregate",
        "package",
        "synonym",
        "rule",
    }
)
_BEFORE_KIND = 8
"""Words that may stand between CREATE and what it creates: OR REPLACE, UNIQUE, MATERIALIZED, DEFINER = x."""
_BEFORE_NAME = frozenset({"if", "not", "exists", "only", "concurrently", "body"})
_ROUTINES = frozenset({"function", "procedure", "trigger", "event", "package"})
_OPENS = frozenset({"begin", "case"})
_ENDS_OTHER = frozenset({"if", "loop", "while", "repeat", "for"})
_QUOTES = '"`[]'


def read_sql(data: bytes) -> Walked:
    """What the statements of a file create and alter."""
    found = scan(data, _TOKEN)
    tokens = found.tokens
    items: list[Outlined] = []
    index = 0
    delimiter = b";"
    while index < len(tokens):
        if _lower(tokens[index]) == "delimiter" and index + 1 < len(tokens):
            index, delimiter = _delimiter(data, tokens, index)
            continue
        end = _end_of_statement(tokens, index, delimiter)
        item = _definition(tokens, index, end)
        if item is not None:
            items.append(item)
        index = end
    return outlined(found, items)


def _lower(token: Token) -> str:
    return token.text.lower().decode("utf-8", "replace")


def _delimiter(
    data: bytes,
    tokens: list[Token],
    index: int,
) -> tuple[int, bytes]:
    """What MySQL's client takes for the end of a statement from here on, and the index behind that line."""
    line_end = data.find(b"\n", tokens[index].end)
    line_end = len(data) if line_end < 0 else line_end
    delimiter = data[tokens[index].end : line_end].strip()
    while index < len(tokens) and tokens[index].start < line_end:
        index += 1
    return index, delimiter or b";"


def _end_of_statement(
    tokens: list[Token],
    first: int,
    delimiter: bytes,
) -> int:
    """The index behind a statement; the semicolons in the body of a routine do not end it."""
    kind = _kind_at(tokens, first)
    is_routine = kind is not None and _lower(tokens[kind]) in _ROUTINES
    depth = 0
    for index in range(first, len(tokens)):
        if delimiter != b";":
            if _matches(tokens, index, delimiter):
                return index + len(delimiter)
            continue
        word = _lower(tokens[index])
        if is_routine:
            depth += _opening(tokens, index)
        # SQL Server's tools end what they send with a line of this word
        if depth <= 0 and word in (";", "go"):
            return index + 1
    return len(tokens)


def _opening(tokens: list[Token], index: int) -> int:
    """1 for a word that opens a block in a routine, -1 for one that ends it, else 0."""
    word = _lower(tokens[index])
    # END CASE closes what CASE opened, and opens nothing itself
    if word in _OPENS:
        return 0 if _lower(tokens[index - 1]) == "end" else 1
    if word != "end":
        return 0
    after = _lower(tokens[index + 1]) if index + 1 < len(tokens) else ""
    return 0 if after in _ENDS_OTHER else -1


def _matches(
    tokens: list[Token],
    index: int,
    delimiter: bytes,
) -> bool:
    text = b"".join(token.text for token in tokens[index : index + len(delimiter)])
    return text == delimiter


def _kind_at(tokens: list[Token], first: int) -> int | None:
    """Where the word stands for what a statement creates or alters; None where it does neither."""
    verb = _lower(tokens[first])
    # what is dropped or filled is defined elsewhere
    if verb not in ("create", "alter"):
        return None
    for index in range(first + 1, min(first + 1 + _BEFORE_KIND, len(tokens))):
        if _lower(tokens[index]) in _KINDS:
            return index
    return None


def _definition(
    tokens: list[Token],
    first: int,
    end: int,
) -> Outlined | None:
    kind = _kind_at(tokens, first)
    if kind is None or kind >= end:
        return None
    index = kind + 1
    while index < end and _lower(tokens[index]) in _BEFORE_NAME:
        index += 1
    names, behind = _names_at(tokens, index, end)
    if not names:
        return None
    # the head ends behind the name, so that a column that is added is no other head
    return piece_of(
        tokens,
        first,
        behind,
        end,
        tuple(names),
        _lower(tokens[kind]),
    )


def _names_at(
    tokens: list[Token],
    index: int,
    end: int,
) -> tuple[list[str], int]:
    """The steps of ``schema.table``, and the index behind them."""
    names: list[str] = []
    while index < end:
        name = clean_name(tokens[index].text).strip(_QUOTES)
        if not _is_name(name):
            break
        # an index without a name of its own
        if not names and name.lower() == "on":
            break
        names.append(name)
        index += 1
        if index >= end or tokens[index].text != b".":
            break
        index += 1
    return names, index


def _is_name(text: str) -> bool:
    first = text[:1]
    return first.isalpha() or (first != "" and first in "_#@")
