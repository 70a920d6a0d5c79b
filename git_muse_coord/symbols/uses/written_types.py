"""What a written type says of a value, as chains: of which class it is, or of which class is what it holds.

Types are read as text, for all languages write them in nearly the same way, and a tree of each is
taken apart no faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from git_muse_coord.symbols.references import (
    CALLED,
    FOREIGN,
    ITEMS,
    KEYS,
    VALUES,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from git_muse_coord.symbols.references import Chain

_FRONT = re.compile(
    # marks and words in front of a type that do not change which one it is
    r"(?:[&*:?\s]|'\w+\s|\b(?:mut|dyn|impl|readonly|final|const|extends|super|unique)\s)*"
)
_NAME = re.compile(r"([A-Za-z_$][\w$]*(?:(?:\.|::)[A-Za-z_$][\w$]*)*)\s*")
_SEPARATOR = re.compile(r"\.|::")
_GO_MAP = re.compile(r"map\[")
_GO_LIST = re.compile(r"\[(?:\d*|\.\.\.|\w+)\](?=[\w*\[(])|\.\.\.(?=[\w*\[(])")
_ROW = re.compile(r"\[([^,;]+)(?:;[^\]]*)?\]\Z")
"""``[T]`` and ``[T; 4]`` in Rust."""
_BY_KEY = re.compile(r"\{\s*(?:readonly\s)?\[\s*\w+\s*:\s*([^\]]+)\]\s*:\s*([^;,{}]+)[;,]?\s*\}\Z")
"""``{[key: K]: V}`` in TypeScript."""
_ARROWS = re.compile(r"[-=]>")
_ARROW = "\0"
"""Stands for an arrow, whose sign is no bracket. What holds one is a function."""
_OPENING, _CLOSING = "<[({", ">])}"
_SIGNS = "|&+"
"""Between types of which one, or all, hold."""
_NOT_HELD = frozenset({"...", "None", "void", "any", "unknown", "undefined", "Any"})
"""What may stand behind the type of the items in a list of arguments."""
_MAX_DEPTH = 4
"""At most so many brackets around a type are looked into."""
_MAX_CHOICES = 6
"""Of a type that is one of more, nothing is said."""


@dataclass(
    frozen=True,
    slots=True,
    kw_only=True,
)
class TypeWords:
    """The names of types that a language has by itself."""

    wrappers: frozenset[str] = frozenset()
    """Types that stand for the first one in their brackets."""
    lists: frozenset[str] = frozenset()
    """Types that hold items of the first one in their brackets."""
    maps: frozenset[str] = frozenset()
    """Types that hold values of the last one in their brackets, by keys of the first."""
    primitives: frozenset[str] = frozenset()
    """Types that are surely nobody's own."""
    vague: frozenset[str] = frozenset()
    """Types that say nothing."""
    of_classes: frozenset[str] = frozenset()
    """Types of which the value is the class in their brackets, and no instance of it."""
    here: Mapping[str, Chain] = field(default_factory=dict)
    """Names with a meaning of their own, such as ``this``."""


def types_in(text: str, words: TypeWords, depth: int = 0) -> tuple[Chain, ...]:
    """All that a value of a type can be; nothing where the type says nothing, or too much."""
    if depth > _MAX_DEPTH:
        return ()
    # The sign of an arrow would close a bracket that nobody opened.
    choices = _choices(_ARROWS.sub(_ARROW, text))
    if len(choices) > _MAX_CHOICES:
        return ()
    types: list[Chain] = []
    for choice in choices:
        types += _type(choice, words, depth)
    return tuple(dict.fromkeys(types))


def type_name(text: str, words: TypeWords) -> Chain:
    """The class that a type names, whatever stands in its brackets; empty where it names none."""
    front = _FRONT.match(text)
    match = _NAME.match(text, front.end() if front else 0)
    if match is None:
        return ()
    steps = _SEPARATOR.split(match[1])
    if len(steps) == 1 and steps[0] in words.primitives:
        return ()
    return tuple(steps)


def _choices(text: str) -> list[str]:
    """The types of which one or all hold: those of ``A | B``, ``A & B`` and ``A + B``."""
    bare = _bare(text)
    choices = []
    for choice in _split(bare, _SIGNS):
        # what is no type of anything is no choice
        if choice and choice not in ("None", "null", "undefined"):
            choices.append(choice)
    return choices


def _bare(text: str) -> str:
    """A type without what stands around it: marks, quotes, round brackets."""
    # Each round can uncover another: a mark in brackets, quotes behind a mark.
    for _ in range(_MAX_DEPTH):
        front = _FRONT.match(text)
        bare = text[front.end() :].strip() if front else text
        if _is_wrapped(bare):
            bare = bare[1:-1]
        if bare == text:
            break
        text = bare
    return text


def _is_wrapped(text: str) -> bool:
    """Whether quotes or round brackets stand around all of a type."""
    is_begun = text[:1] in ("'", '"', "(")
    is_ended = text[-1:] in ("'", '"', ")")
    if not is_begun or not is_ended:
        return False
    return _split(text, "") == [text] and _ends_first_bracket(text)


def _ends_first_bracket(text: str) -> bool:
    """Whether the bracket that a text begins with is closed at its end only."""
    if text[0] != "(":
        return text.count(text[0]) == 2
    depth = 0
    for position, letter in enumerate(text):
        depth += (letter in _OPENING) - (letter in _CLOSING)
        if depth == 0:
            return position == len(text) - 1
    return False


def _split(text: str, signs: str) -> list[str]:
    """The pieces of a text between signs that stand in no bracket."""
    pieces = [""]
    depth = 0
    for letter in text:
        depth += (letter in _OPENING) - (letter in _CLOSING)
        if depth == 0 and letter in signs:
            pieces.append("")
        else:
            pieces[-1] += letter
    return [piece.strip() for piece in pieces]


def _type(text: str, words: TypeWords, depth: int) -> Iterator[Chain]:
    text = _bare(text)
    if _ARROW in _split(text, _OPENING)[0]:
        return
    # brackets can hold choices of their own
    if len(_split(text, _SIGNS)) > 1:
        yield from types_in(text, words, depth + 1)
        return
    held = _held_by_signs(text)
    if held is not None:
        for piece, holder in held:
            yield from _in_a(holder, piece, words, depth)
        return
    match = _NAME.match(text)
    if match is None:
        return
    steps = _SEPARATOR.split(match[1])
    behind = text[match.end() :]
    inside = behind[1:-1]
    if behind[:1] in ("<", "[") and _ends_first_bracket(f"({inside})"):
        yield from _with_arguments(steps, inside, words, depth)
    elif not behind:
        yield from _instance(steps, words)


def _held_by_signs(text: str) -> list[tuple[str, str]] | None:
    """What a type holds that is written with signs, and how; None for all others."""
    if text.endswith("[]"):
        return [(text[:-2], ITEMS)]
    if _GO_MAP.match(text):
        inside = text.removeprefix("map[")
        key, _, value = inside.partition("]")
        return [(value, VALUES), (key, KEYS)]
    match = _GO_LIST.match(text)
    if match:
        return [(text[match.end() :], ITEMS)]
    match = _ROW.match(text)
    if match:
        return [(match[1], ITEMS)]
    match = _BY_KEY.match(text)
    if match:
        return [(match[2], VALUES), (match[1], KEYS)]
    return None


def _in_a(
    holder: str,
    text: str,
    words: TypeWords,
    depth: int,
) -> Iterator[Chain]:
    for chain in types_in(text, words, depth + 1):
        yield (*chain, holder)


def _with_arguments(
    steps: list[str],
    inside: str,
    words: TypeWords,
    depth: int,
) -> Iterator[Chain]:
    name = steps[-1]
    arguments = _split(inside, ",")
    first = arguments[0]
    if name in words.wrappers:
        yield from types_in(first, words, depth + 1)
        return
    if name in words.of_classes:
        for chain in types_in(first, words, depth + 1):
            # the class is what is called for an instance of it
            if chain[-1] == CALLED:
                yield chain[:-1]
        return
    # Where more is said than what is held, as in `tuple[int, A]`, an item can be any of it.
    if name in words.lists and _NOT_HELD.issuperset(arguments[1:]):
        yield from _in_a(ITEMS, first, words, depth)
    elif name in words.maps and len(arguments) > 1:
        yield from _in_a(VALUES, arguments[-1], words, depth)
        yield from _in_a(KEYS, first, words, depth)
    is_primitive = len(steps) == 1 and name in words.primitives
    if not is_primitive:
        # a tree can have a class of such a name of its own
        yield from _instance(steps, words)


def _instance(steps: list[str], words: TypeWords) -> Iterator[Chain]:
    first = steps[0]
    if steps[-1] in words.vague:
        return
    if len(steps) == 1 and first in words.primitives:
        yield (FOREIGN,)
        return
    here = words.here.get(steps[-1])
    if here is None:
        yield (*steps, CALLED)
    elif here[-1] == CALLED:
        yield here
    else:
        yield (*here, CALLED)
