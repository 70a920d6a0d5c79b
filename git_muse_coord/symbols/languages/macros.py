"""Macros of C and C++ as they are commonly written, which only the preprocessor could make sense of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from git_muse_coord.symbols.languages.conditionals import one_arm
from git_muse_coord.symbols.languages.replacements import Replacement, Stretch, blank

if TYPE_CHECKING:
    from tree_sitter import Tree

    from git_muse_coord.symbols.walked import Walked

_NAME = re.compile(r"[A-Z][A-Z0-9_]{2,}\Z")
_STRING = rb'"(?:[^"\\\n]|\\.)*"'
_ARGUMENTS = rb"(?:[^()\"';{}]|%(s)s|\((?:[^()\"';{}]|%(s)s)*\))*" % {b"s": _STRING}
_MACRO = rb"[A-Z][A-Z0-9]*_[A-Z0-9_]*\b(?:\((?:[^()\n]|\([^()\n]*\))*\))?"
_CALL = rb"[A-Z][A-Z0-9_]{2,}\((?:[^()\n]|\([^()\n]*\))*\)"
_NOISE = re.compile(
    rb"(?<=class )%(w)s(?=\s+(?!final\b)\w+\s*[:{])|(?<=struct )%(w)s(?=\s+(?!final\b)\w+\s*[:{])"  # class API Name {
    rb"|(?<=\))\s*(?:const\s+|noexcept\s+|override\s+)*(?:%(m)s(?=\s*[{;])|%(c)s(?=\s*\{))"  # f() LOCKS(mutex) {
    rb"|(?<=\w )%(m)s(?=\s*(?:[,)]|=[^=]))"  # f(int x LIFETIME_BOUND)
    rb"|(?<=[*]) ?\b\w*_(?:[Nn]onnull|[Nn]ullable)\b"  # char* absl_nonnull f()
    rb"|^[ \t]*(?:%(m)s|%(c)s)[ \t]*$(?!\s*[{:}])"  # on a line of its own
    rb"|^[ \t]*(?:%(m)s[ \t]+)+(?=[a-z_~])"  # ALWAYS_INLINE f()
    rb"|^[ \t]*%(w)s[ \t]+(?=(?:[\w:<>]+[ \t*&]+){0,3}~?\w+(?:::~?\w+)*\s*\()"  # INLINE Widget::Widget(
    % {b"m": _MACRO, b"c": _CALL, b"w": rb"[A-Z][A-Z0-9_]{2,}\b(?:\([^()\n]*\))?"},
    re.MULTILINE,
)
_MADE = re.compile(
    rb"^[ \t]*(?:(?:static|extern|inline|const)[ \t]+)*[A-Z][A-Z0-9_]+\((%s)\)\s*(?=\{)"
    % _ARGUMENTS,
    re.MULTILINE,
)
"""``DEFINE_HANDLER(name, int, x) {`` and ``TEST_CASE("title") {``: a macro that makes a function of the block."""
ARGUMENT = re.compile(rb"(?:[^,()\"]|%(s)s|\((?:[^()\"]|%(s)s)*\))+" % {b"s": _STRING})
"""One of several between commas."""


def repair_cpp(
    data: bytes,
    _tree: Tree,
    unread: Sequence[Stretch],
) -> Iterator[Replacement]:
    """Leave out what says nothing of names, and make each argument before a block one word."""
    yield from _without_noise(data, unread)
    for match in _MADE.finditer(data):
        for argument in ARGUMENT.finditer(match[1]):
            text = argument.group().strip()
            if not text:
                continue
            start = match.start(1) + argument.start() + argument.group().index(text)
            yield _word(start, text)


def repair_c(
    data: bytes,
    _tree: Tree,
    unread: Sequence[Stretch],
) -> Iterator[Replacement]:
    """The same in C, where the grammar bears but one word in the brackets."""
    yield from _without_noise(data, unread)
    for match in _MADE.finditer(data):
        if match[1].strip():
            yield _word(match.start(1), match[1])


def _word(start: int, text: bytes) -> Replacement:
    return Replacement(start, start + len(text), b"x" * len(text))


def doubts(_data: bytes, walked: Walked) -> int:
    """How many functions are called like a macro."""
    number = 0
    for definition in walked.definitions:
        is_function = definition.kind in ("function", "method")
        if is_function and _NAME.match(definition.names[-1]) is not None:
            number += 1
    return number


def _without_noise(data: bytes, unread: Sequence[Stretch]) -> Iterator[Replacement]:
    yield from one_arm(data, unread)
    for match in _NOISE.finditer(data):
        yield blank(data, match.start(), match.end())
