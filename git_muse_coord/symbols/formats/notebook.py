"""Jupyter notebooks: the cells by their ids, and in cells of code what the code defines.

The code of all cells is read as one text (``notebook_code``). What is found in it lies elsewhere in the
file, where lines are strings of JSON: every place is carried back there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from git_muse_coord.symbols.formats.code_part import CodePart
from git_muse_coord.symbols.formats.interleave import interleave
from git_muse_coord.symbols.formats.notebook_code import Cell, Code
from git_muse_coord.symbols.formats.outline import Outlined, Token, definition_of
from git_muse_coord.symbols.languages import facts_of
from git_muse_coord.symbols.languages.registry import REGISTRY
from git_muse_coord.symbols.languages.table import Place, unquote
from git_muse_coord.symbols.walked import Definition, Walked

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_VALUE = re.compile(rb"\"(?:[^\"\\]|\\.)*\"?|:|[^\s,:{}\[\]\"]+", re.DOTALL)
_OF_RUNS = frozenset({"outputs", "execution_count"})
"""What running a cell writes."""
_RUN = "<outputs>"
_DEFAULT_LANGUAGE = "python"
_SAYS_LANGUAGE = {"kernelspec": "language", "language_info": "name"}
"""Parts of the metadata, and under which key each of them names the language."""


def read_notebook(data: bytes) -> Walked | None:
    """The cells of a notebook."""
    from git_muse_coord.symbols import grammar

    tree = grammar.parse_source(grammar.load("json"), data)
    if tree is None:
        return None
    cells, language = _cells(data, tree)
    readable = _readable(cells, language)
    code = Code()
    for cell in readable:
        code.add(data, cell)
    walked: Walked | None = Walked()
    if code.text:
        walked = _walk(code, language)
    if walked is None:
        return None
    _carry_back(walked, code)
    around = [*_values(data, readable), *code.magics]
    around.sort()
    interleave(walked, around)
    _add_cells(walked, cells)
    return walked


def code_of_notebook(data: bytes) -> list[CodePart]:
    """The code of each cell, which lies in the cell."""
    from git_muse_coord.symbols import grammar

    tree = grammar.parse_source(grammar.load("json"), data)
    if tree is None:
        return []
    cells, language = _cells(data, tree)
    parts: list[CodePart] = []
    line = 1
    counted = 0
    for cell in _readable(cells, language):
        code = Code()
        code.add(data, cell)
        source = bytes(code.text)
        lines: list[int] = []
        start = 0
        for text in source.split(b"\n"):
            place = code.place(start)
            # counted from one to the next, for to count from the beginning takes long
            line += data.count(b"\n", counted, place)
            counted = max(counted, place)
            lines.append(line)
            start += len(text) + 1
        part = CodePart(language, source, (cell.name,), lines)
        parts.append(part)
    return parts


def _cells(data: bytes, tree: Tree) -> tuple[list[Cell], str]:
    """All cells, and the language of their code."""
    place = Place(data, False, "")
    cells: list[Cell] = []
    language = _DEFAULT_LANGUAGE
    for name, value in _pairs(tree.root_node.named_children[:1], place):
        if name == "cells":
            for node in value.named_children:
                if node.type == "object":
                    cells.append(_cell(node, place))
        elif name == "metadata":
            language = _language(value, place) or language
    return cells, language


def _readable(cells: Iterable[Cell], language: str) -> list[Cell]:
    """Those whose code can be read; other kernels, and cells without a name, stay what JSON shows of them."""
    facts = facts_of(language)
    # nor are kernels read whose grammar an extra brings: by their names alone no cache knows such files
    if language not in REGISTRY or facts.reader or facts.package:
        return []
    return [cell for cell in cells if cell.is_code and cell.name and cell.lines]


def _pairs(objects: Iterable[Node], place: Place) -> Iterator[tuple[str, Node]]:
    for node in objects:
        for pair in node.named_children:
            value = pair.child_by_field_name("value")
            if pair.type == "pair" and value is not None:
                key = unquote(place.field(pair, "key"))
                yield key, value


def _cell(node: Node, place: Place) -> Cell:
    name = ""
    is_code = False
    lines: list[Node] = []
    runs: list[tuple[int, int]] = []
    for key, value in _pairs([node], place):
        if key == "id":
            name = unquote(place.text(value))
        elif key == "cell_type":
            is_code = unquote(place.text(value)) == "code"
        elif key == "source":
            # one text, or a list of lines
            lines = [value] if value.type == "string" else value.named_children
        elif key in _OF_RUNS:
            runs.append((value.start_byte, value.end_byte))
    strings = [line for line in lines if line.type == "string"]
    return Cell(
        node.start_byte,
        node.end_byte,
        name,
        is_code,
        strings,
        runs,
    )


def _language(metadata: Node, place: Place) -> str:
    """The language that the notebook says its kernel has; empty where it says none."""
    for name, value in _pairs([metadata], place):
        key_of_language = _SAYS_LANGUAGE.get(name)
        if key_of_language is None:
            continue
        for key, word in _pairs([value], place):
            if key == key_of_language:
                language = unquote(place.text(word))
                return language.lower()
    return ""


def _walk(code: Code, language: str) -> Walked | None:
    from git_muse_coord.symbols import grammar, readings

    loaded = grammar.load(language)
    text = bytes(code.text)
    tree = grammar.parse_source(loaded, text)
    if tree is None:
        return None
    reading = readings.read_code(loaded, text, tree)
    return reading.walked


def _carry_back(walked: Walked, code: Code) -> None:
    """Put every place in the code where it is in the file."""
    # an import belongs to its cell, as all else there that has no name
    walked.imports.clear()
    walked.starts[:] = map(code.place, walked.starts)
    for index, (start, end) in enumerate(walked.unread):
        first = code.place(start)
        last = code.end_place(end)
        walked.unread[index] = (first, last)
    for piece in walked.pieces():
        if isinstance(piece, Definition) and piece.body_start >= 0:
            piece.body_start = code.place(piece.body_start)
            piece.body_end = code.end_place(piece.body_end)
        start = code.place(piece.start)
        end = code.end_place(piece.end)
        piece.end = max(start, end)
        piece.start = start


def _values(data: bytes, cells: Iterable[Cell]) -> Iterator[Token]:
    """What stands around the code: the names and values of JSON, without what only orders them."""
    position = 0
    for cell in cells:
        for line in cell.lines:
            yield from _values_between(data, position, line.start_byte)
            position = line.end_byte
    yield from _values_between(data, position, len(data))


def _values_between(
    data: bytes,
    start: int,
    end: int,
) -> Iterator[Token]:
    for match in _VALUE.finditer(data, start, end):
        yield Token(match.start(), match.end(), match.group())


def _add_cells(walked: Walked, cells: Iterable[Cell]) -> None:
    """Put a definition around all that lies in a cell."""
    around: list[Definition] = []
    runs: list[Definition] = []
    for cell in cells:
        if not cell.name:
            continue
        body = cell.start
        if cell.lines:
            body = cell.lines[0].start_byte
        named = Outlined(
            cell.start,
            cell.end,
            body,
            (cell.name,),
            "cell",
        )
        definition = definition_of(named, walked.starts, None)
        around.append(definition)
        for start, end in cell.runs:
            run = Outlined(
                start,
                end,
                start,
                (_RUN,),
                "outputs",
            )
            runs.append(definition_of(run, walked.starts, definition))
    # only code of named cells was read, so there is a cell around each definition
    starts = [definition.start for definition in around]
    for definition in walked.definitions:
        index = bisect_right(starts, definition.start) - 1
        outer = around[max(0, index)]
        definition.names = (*outer.names, *definition.names)
        if definition.parent is None:
            definition.parent = outer
    walked.definitions += around
    walked.definitions += runs
    walked.definitions.sort(key=_outermost_first)


def _outermost_first(definition: Definition) -> tuple[int, int]:
    return definition.start, -definition.end
