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
_INNER = rb"(?:[^()\"{}]|%(s)s|\{[^{}]*\}|\((?:[^()\"{}]|%(s)s|\((?:[^()\"{}]|%(s)s)*\))*\))*" % {
    b"s": _STRING
}
_BALANCED = rb"(?:[^()\";{}]|%(s)s|\{[^{}]*\}|\(%(i)s\))*" % {b"s": _STRING, b"i": _INNER}
_MACRO = rb"[A-Z][A-Z0-9]*_[A-Z0-9_]*\b(?:\((?:[^()\n]|\([^()\n]*\))*\))?"
_CALL = rb"[A-Z][A-Z0-9_]{2,}\((?:[^()\n]|\([^()\n]*\))*\)"
_QUALIFIER = rb"(?:const|volatile|override|final|noexcept(?:\([^()\n]*\))?)\b|&"
_WITH = {
    b"m": _MACRO,
    b"c": _CALL,
    b"b": _BALANCED,
    b"q": _QUALIFIER,
    b"s": rb"[ \t]*(?:\r?\n[ \t]+)?",
    b"w": rb"[A-Z][A-Z0-9_]{2,}\b(?:\([^()\n]*\))?",
    b"t": rb"(?:const\s+)?[\w:]+(?:<[^<>()]*>)?",
}
_NOISES = (
    # class API Name {
    rb"(?:(?<=class )|(?<=struct ))(?:\s*%(w)s)+"
    rb"(?=\s+(?!final\b)[\w:]+(?:<[^<>;{}]*>)?\s*(?:final\s*)?[:{;])",
    # f() const& LOCKS(mutex) {
    rb"(?<=\))%(s)s(?:(?:%(q)s)%(s)s)*(?:%(m)s%(s)s)*(?:%(m)s(?=\s*[{;:])|%(c)s(?=\s*\{))",
    # FLAG(int, name, {}, "help");
    rb"^[A-Z][A-Z0-9_]{2,}\(%(b)s\)[ \t]*;",
    # GET_OR_RETURN(int x, f());
    rb"^[ \t]+[A-Z][A-Z0-9_]{2,}(?=\(\s*%(t)s[ \t*&]+\w)\(%(b)s\)[ \t]*;",
    # for (; char* at = next(); ++n)
    rb"(?<=for \(;)\s*%(t)s[\s*&]+(?=\w+\s*=)",
    # f(int x LIFETIME_BOUND)
    rb"(?<=\w )%(m)s(?=\s*(?:[,)]|=[^=]))",
    # char* absl_nonnull f()
    rb"(?<=[*]) ?\b\w*_(?:[Nn]onnull|[Nn]ullable)\b",
    # on a line of its own
    rb"^[ \t]*(?:%(m)s|%(c)s)[ \t]*$(?!\s*[{:}])",
    # ALWAYS_INLINE f()
    rb"^[ \t]*(?:%(m)s[ \t]+)+(?=[a-z_~])",
    # INLINE Widget::Widget(
    rb"^[ \t]*%(w)s[ \t]+(?=(?:[\w:<>]+[ \t*&]+){0,3}~?\w+(?:::~?\w+)*\s*\()",
)
_NOISE = re.compile(b"|".join(noise % _WITH for noise in _NOISES), re.MULTILINE)
_DIRECTIVE = re.compile(
    rb"^[ \t]*#[ \t]*(?:define|undef|pragma)\b(?:[^\n\\]|\\.)*", re.MULTILINE | re.DOTALL
)
_SHORT = 300
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


def _directives_in(data: bytes, unread: Sequence[Stretch]) -> Iterator[Replacement]:
    """Leave out directives where there must be none, as between the values of a list."""
    for start, end in unread:
        # An error that goes on and on is not about the directives in it.
        if end - start > _SHORT:
            continue
        for match in _DIRECTIVE.finditer(data, data.rfind(b"\n", 0, start) + 1, end):
            yield blank(data, match.start(), match.end())


def _without_noise(data: bytes, unread: Sequence[Stretch]) -> Iterator[Replacement]:
    yield from one_arm(data, unread)
    yield from _directives_in(data, unread)
    for match in _NOISE.finditer(data):
        yield blank(data, match.start(), match.end())
