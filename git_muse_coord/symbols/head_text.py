"""The text of the head of a definition, taken to pieces: its name, what stands before it, its brackets.

Never by the nodes of a grammar: another version of that may build other ones, and an address is to be
the same in every clone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from git_muse_coord.symbols.bracketed import closing_of

_MAX_HEAD = 1_000
"""Letters of a head that are read."""
_TEXT = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`")
_WORDS = re.compile(r"[^\w-]+")
_LIFETIME = re.compile(r"'\w+\b(?!')\s*,?\s*")
_IN_ANGLES = (("{<:", "{"), ("<:", ":"), ("{:", "{"), ("::", ":"), ("{", "<"), ("}", ">"))
_QUALIFYING = re.compile(r"(?:[\w$]+\s*(?:::|\.)\s*)+(?=\w)")
_OF_TEMPLATES = re.compile(r"\b(?:typename|class)\s+")
_ODD = re.compile(r"[^\w$*&?|!@\[\]{},<>=~-]")


class DefinitionHead(NamedTuple):
    """What is known of a definition by its text. ``outer`` is the name before its own."""

    path: str
    language: str
    kind: str
    name: str
    text: str
    decoration: str
    outer: str = ""
    is_member: bool = False


class HeadParts(NamedTuple):
    """The head of what is called, taken to pieces."""

    before: str
    """What stands before the name."""
    generic: str
    """The arguments in brackets right behind it, with these."""
    parameters: str
    """What stands in its round brackets, without these."""
    behind: str


def readable(head: DefinitionHead) -> str:
    """The text of a head in which no bracket stands for itself."""
    text = head.text[:_MAX_HEAD]
    if head.language == "rust":
        text = _LIFETIME.sub("", text)
    elif head.language == "julia":
        text = _in_angles(text)
    return _TEXT.sub(_words_of, text)


def _in_angles(text: str) -> str:
    """Julia's ``x::Vector{<:Real}`` in the signs of other languages: ``x:Vector<Real>``."""
    for written, plain in _IN_ANGLES:
        text = text.replace(written, plain)
    return text


def _words_of(quoted: re.Match[str]) -> str:
    return _WORDS.sub("", quoted[0])


def parts_of_head(head: DefinitionHead, text: str) -> HeadParts:
    """The pieces of a head: around the name that has parameters behind it, else around the first brackets."""
    # of this[int key] in C#, but a method [] has them as any other
    is_indexer = len(head.name) > 2 and head.name.endswith("[]")
    opening = "[" if is_indexer else "("
    first_end = 0
    for start, end in places_of_name(head, text):
        generic, bracket = _behind_name(text, end)
        if text.startswith(opening, bracket):
            return _with_parameters(text, start, generic, bracket)
        first_end = first_end or end
    # behind its first name, or without one, as an operator has none in some languages
    before = text[:first_end]
    bracket = text.find(opening, first_end)
    if bracket >= 0:
        return _with_parameters(text, first_end, "", bracket)
    # def load a, b
    parameters = text[first_end:] if head.language == "ruby" else ""
    return HeadParts(before, "", parameters, "")


def _with_parameters(
    text: str,
    start: int,
    generic: str,
    bracket: int,
) -> HeadParts:
    """The pieces of a head whose parameters begin at a bracket; there may be several lists of them."""
    lists: list[str] = []
    opening = text[bracket]
    at = bracket
    while text.startswith(opening, at):
        # a head that was cut off ends in its brackets
        end = closing_of(text, at) or len(text)
        inside = text[at + 1 : end - 1].strip()
        if inside:
            lists.append(inside)
        at = end
        if text.startswith(" (", at):
            at += 1
    return HeadParts(
        text[:start],
        generic,
        ", ".join(lists),
        text[at:],
    )


def _behind_name(text: str, at: int) -> tuple[str, int]:
    """The generic arguments behind a name, and where what follows begins."""
    at = skip_letters(text, at, " ?!")
    if text[at : at + 1] not in ("<", "["):
        return "", at
    end = closing_of(text, at)
    if not end:
        return "", at
    behind = skip_letters(text, end, " ")
    # of this[int key] the brackets are the parameters
    if not text.startswith("(", behind):
        return "", at
    return text[at:end], behind


def skip_letters(
    text: str,
    at: int,
    letters: str,
) -> int:
    """The next place in a text at which none of some letters stands."""
    while at < len(text) and text[at] in letters:
        at += 1
    return at


def places_of_name(head: DefinitionHead, text: str) -> Iterator[tuple[int, int]]:
    """Where the name of a definition stands in its head: from where to where."""
    # without a pattern, for it would be another one for each name
    name = head.name.removesuffix("[]") or head.name
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        before = text[max(0, start - 1) : start]
        behind = text[end : end + 1]
        is_begun = _is_word(before) and _is_word(name[0])
        goes_on = _is_word(name[-1]) and _is_word(behind)
        if not is_begun and not goes_on:
            yield start, end
        start = text.find(name, end)


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter in ("_", "$")


def as_in_tail(text: str) -> str:
    """Any text of types as it can stand in a tail."""
    text = _QUALIFYING.sub("", text)
    text = _OF_TEMPLATES.sub("", text)
    text = text.replace(":", "=").replace("...", "")
    return _ODD.sub("", text)
