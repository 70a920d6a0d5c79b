"""Brackets in the text of a head: where one closes, and what stands between the commas inside.

A head was parsed before, so that to count its brackets is enough here. ``<`` and ``>`` are brackets
unless that leaves one of them open: then they are signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_CLOSING = {
    "(": ")",
    "[": "]",
    "{": "}",
    "<": ">",
}
_SIGNS = re.compile(r"->|=>|<=|>=|<-|==|!=|::|[()\[\]{}<>,:;=]")
"""Brackets, separators, and what looks like them and is none."""


def closing_of(text: str, opening: int) -> int:
    """The place behind the bracket that closes the one at a place; 0 where none does."""
    for are_brackets in (True, False):
        waiting: list[str] = []
        for sign in _SIGNS.finditer(text, opening):
            _count(sign[0], waiting, are_brackets=are_brackets)
            if not waiting:
                return sign.end()
    return 0


def inside_bracket(text: str, opening: int) -> str:
    """What stands in the bracket that opens at a place; nothing where none closes it."""
    end = closing_of(text, opening)
    if not end:
        return ""
    return text[opening + 1 : end - 1]


def parts_of(text: str, separator: str) -> list[str]:
    """What stands between the separators that are in no bracket; empty parts are left out."""
    parts: list[str] = []
    start = 0
    for place in _outside(text, separator):
        parts.append(text[start:place])
        start = place + 1
    parts.append(text[start:])
    stripped = map(str.strip, parts)
    return list(filter(None, stripped))


def before_first(text: str, separator: str) -> str:
    """What stands before the first separator that is in no bracket; all where there is none."""
    places = _outside(text, separator)
    return text[: places[0]] if places else text


def without_bracketed(text: str, opening: str) -> str:
    """A text without what stands in brackets of one sort, and without these."""
    kept = ""
    start = 0
    for place in _starts(text, opening):
        if place < start:
            continue  # in a bracket that was left out
        end = closing_of(text, place)
        if not end:
            break
        kept += text[start:place]
        start = end
    return kept + text[start:]


def _starts(text: str, opening: str) -> Iterator[int]:
    for sign in _SIGNS.finditer(text):
        if sign[0] == opening:
            yield sign.start()


def _outside(text: str, separator: str) -> list[int]:
    """The places of a separator outside of all brackets."""
    places: list[int] = []
    for are_brackets in (True, False):
        waiting: list[str] = []
        places = []
        for sign in _SIGNS.finditer(text):
            if sign[0] == separator and not waiting:
                places.append(sign.start())
            _count(sign[0], waiting, are_brackets=are_brackets)
        if not waiting:
            break
    return places


def _count(
    sign: str,
    waiting: list[str],
    *,
    are_brackets: bool,
) -> None:
    """Take note of a sign; ``waiting`` are the brackets that are yet to come."""
    if sign in "<>" and not are_brackets:
        return
    if sign in _CLOSING:
        waiting.append(_CLOSING[sign])
    elif waiting and sign == waiting[-1]:
        waiting.pop()
