"""Components of Vue, Svelte and Astro: their scripts as TypeScript, and what stands around."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from git_muse_coord.symbols.formats.code_part import CodePart
from git_muse_coord.symbols.formats.interleave import interleave
from git_muse_coord.symbols.formats.outline import (
    Outlined,
    Scan,
    add_words,
    definition_of,
)
from git_muse_coord.symbols.languages.table import clean_name
from git_muse_coord.symbols.walked import Piece, Walked

_TAG = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(?P<end>/)?(?P<name>[A-Za-z][\w.:-]*)"
    rb"(?P<attributes>(?:\"[^\"]*\"|'[^']*'|[^\"'>])*)>",
    re.DOTALL,
)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_JSX = re.compile(rb"\blang\s*=\s*[\"']?(?:tsx|jsx)\b")
_RAW = frozenset({b"script", b"style"})
"""Elements in which nothing is a tag but their end."""
_FENCE = re.compile(
    rb"\A\s*---[^\S\n]*\n(?P<code>.*?)^[^\S\n]*---[^\S\n]*$", re.DOTALL | re.MULTILINE
)
_VOID = frozenset({b"br", b"hr", b"img", b"input", b"link", b"meta", b"source"})


Span = tuple[int, int]
"""A stretch of a file, in bytes."""


class Block(NamedTuple):
    """An element with its tags, in bytes, and where its inside is."""

    name: bytes
    start: int
    inner_start: int
    inner_end: int
    end: int


def read_vue(data: bytes) -> Walked | None:
    """All elements at the top: scripts by what is in them, others by their tags."""
    others = [block for block in _blocks(data) if block.name != b"script"]
    return _read(data, _scripts(data), others)


def read_svelte(data: bytes) -> Walked | None:
    """Scripts by what is in them, and styles; all markup is text of the file."""
    return _read(data, _scripts(data), _styles(data))


def read_astro(data: bytes) -> Walked | None:
    """What stands between the fences, and styles; all markup is text of the file."""
    fence = _FENCE.match(data)
    if fence is None:
        return _read(data, [], _styles(data))
    # in the code between the fences a tag is a text, or JSX
    styles = [block for block in _styles(data) if block.start >= fence.end()]
    return _read(data, [fence.span("code")], styles)


def code_of_vue(data: bytes) -> list[CodePart]:
    """The scripts of a component of Vue or Svelte."""
    return [_code(data, _scripts(data))]


def code_of_astro(data: bytes) -> list[CodePart]:
    """What stands between the fences."""
    fence = _FENCE.match(data)
    scripts = [fence.span("code")] if fence is not None else []
    return [_code(data, scripts)]


def _scripts(data: bytes) -> list[Span]:
    """Where the insides of the scripts stand."""
    scripts: list[Span] = []
    for block in _blocks(data):
        if block.name == b"script":
            scripts.append((block.inner_start, block.inner_end))
    return scripts


def _styles(data: bytes) -> list[Block]:
    return [block for block in _blocks(data) if block.name == b"style"]


def _blocks(data: bytes) -> Iterator[Block]:
    """The elements that lie in no other one."""
    position = 0
    while (opening := _TAG.search(data, position)) is not None:
        position = opening.end()
        name = opening["name"]
        # a comment, or the end of what nobody opened
        if name is None or opening["end"]:
            continue
        is_empty = opening["attributes"].endswith(b"/")
        if is_empty or name.lower() in _VOID:
            continue
        inner_end, end = _end_of(data, name, position)
        yield Block(
            name,
            opening.start(),
            position,
            inner_end,
            end,
        )
        position = end


def _end_of(
    data: bytes,
    name: bytes,
    start: int,
) -> Span:
    """Where the inside of an element ends, and its end tag; the end of the file for one that is not closed."""
    if name.lower() in _RAW:
        end_tag = re.compile(rb"</" + name + rb"\s*>", re.IGNORECASE)
        closing = end_tag.search(data, start)
        if closing is None:
            return len(data), len(data)
        return closing.span()
    # a template may hold templates
    depth = 1
    for tag in _TAG.finditer(data, start):
        if tag["name"] != name or tag["attributes"].endswith(b"/"):
            continue
        depth += -1 if tag["end"] else 1
        if depth == 0:
            return tag.span()
    return len(data), len(data)


def _read(
    data: bytes,
    scripts: list[Span],
    elements: list[Block],
) -> Walked | None:
    walked = _walk(data, scripts)
    if walked is None:
        return None
    around = Scan([], [])
    position = 0
    for start, end in scripts:
        _add_markup(around, data, position, start)
        position = end
    _add_markup(around, data, position, len(data))
    interleave(walked, around.tokens)
    walked.keep_comments(around.comments)
    walked.comments.sort(key=_by_start)
    for block in elements:
        name = f"<{clean_name(block.name)}>"
        element = Outlined(
            block.start,
            block.end,
            block.inner_start,
            (name,),
            "element",
        )
        definition = definition_of(element, walked.starts, None)
        walked.definitions.append(definition)
    # those of the scripts came first
    walked.definitions.sort(key=_by_start)
    return walked


def _by_start(piece: Piece) -> int:
    return piece.start


def _add_markup(
    around: Scan,
    data: bytes,
    start: int,
    end: int,
) -> None:
    # a comment is formatting, as in code
    for comment in _COMMENT.finditer(data, start, end):
        add_words(around, data, start, comment.start())
        around.comments.append(comment.span())
        start = comment.end()
    add_words(around, data, start, end)


def _walk(data: bytes, scripts: list[Span]) -> Walked | None:
    """What is in the scripts, read as one, with every byte in its place."""
    from git_muse_coord.symbols import grammar, readings

    code = _code(data, scripts)
    loaded = grammar.load(code.language)
    tree = grammar.parse_source(loaded, code.text)
    if tree is None:
        return None
    reading = readings.read_code(loaded, code.text, tree)
    return reading.walked


def _code(data: bytes, scripts: list[Span]) -> CodePart:
    """The scripts with every byte in its place, and blanks for all else."""
    # <T>x is a type in one of the two, and an element in the other
    language = "tsx" if _JSX.search(data) else "typescript"
    # as many as there were bytes, and in as many lines, so that nothing has to be carried back
    blanks = re.sub(rb"[^\n]", b" ", data)
    code = bytearray(blanks)
    for start, end in scripts:
        code[start:end] = data[start:end]
    return CodePart(language, bytes(code))
