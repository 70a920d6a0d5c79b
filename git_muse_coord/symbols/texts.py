"""The one form that all spellings of a text share: its quotes, the blanks in prose and in macros."""

from __future__ import annotations

import re

_QUOTED = re.compile(rb"(\w*)('''|\"\"\"|'|\")(.*)\2\Z", re.DOTALL)
_RAW_OR_CODE = re.compile(rb"[rRfFtT]")
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_QUOTES = (b"'", b'"')
_PLAIN_KEY = re.compile(rb"(['\"])([A-Za-z_$][\w$]*)\1\Z")
_COLON = re.compile(rb"\s*\??\s*:")
_WORD = re.compile(
    rb"""
    \w*"(?:\\.|[^"\\])*" | \w*'(?:\\.|[^'\\])*'  # texts
    | [\w.]+
    | \+\+ | -- | -> | :: | && | \|\| | \#\# | <<=? | >>=? | [-+*/%&|^=!<>]=
    | \S
    """,
    re.DOTALL | re.VERBOSE,
)
"""The tokens of C: between them blanks mean nothing."""
_ESCAPED_LINE_END = re.compile(rb"\\\r?\n")
_LAYOUT = re.compile(rb"\s*\n\s*")


def in_double_quotes(text: bytes) -> bytes:
    """A text in double quotes, where a formatter may choose between ``'`` and ``"``.

    A quote in it shows without the backslash that it has in quotes of its own kind.
    """
    if text[:1] == b'"' and b"\\" not in text:
        return text
    parts = _QUOTED.match(text)
    if parts is None:
        return text
    prefix, quotes, inside = parts.groups()
    has_quotes = any(quote in inside for quote in _QUOTES)
    # In a raw text the backslash before a quote stays, and in one with code in braces quotes are code.
    if has_quotes and _RAW_OR_CODE.search(prefix):
        return text
    bare = _ESCAPED.sub(_without_backslash, inside) if has_quotes else inside
    double = b'"' * len(quotes)
    if len(quotes) == 3 and double in bare:
        return text
    return prefix + double + bare + double


def _without_backslash(escape: re.Match[bytes]) -> bytes:
    return escape[1] if escape[1] in _QUOTES else escape[0]


def flowing_text(text: bytes) -> bytes:
    """A text in which line breaks and indentation mean nothing, nor do blanks inside of its quotes."""
    flowing = b" ".join(text.split())
    parts = _QUOTED.match(flowing)
    if parts is None:
        return flowing
    prefix, quotes, inside = parts.groups()
    return prefix + quotes + inside.strip() + quotes


def settled_markup(text: bytes) -> bytes:
    """Text as JSX has it: blanks with a line break among them mean nothing, others are shown."""
    return _LAYOUT.sub(b"\n", text).strip(b"\n")


def bare_key(text: bytes, behind: bytes) -> bytes:
    """The name in a quoted text if that is a key that could stand without quotes; ``behind`` is what follows it."""
    plain = _PLAIN_KEY.match(text)
    if plain is None or not _COLON.match(behind):
        return text
    return plain[2]


def words_of_code(code: bytes) -> list[bytes]:
    """The tokens of code that a grammar has not looked into."""
    return _WORD.findall(_ESCAPED_LINE_END.sub(b" ", code))
