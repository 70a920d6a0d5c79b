"""Jupyter notebooks: the cells by their ids, and in cells of code what the code defines.

The code of all cells is read as one text. What is found in it lies elsewhere in the file, where
lines are strings of JSON: every place is carried back there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from git_muse_coord.symbols.formats.code_part import CodePart
from git_muse_coord.symbols.formats.interleave import interleave
from git_muse_coord.symbols.formats.outline import Outlined, Token, definition_of
from git_muse_coord.symbols.languages import facts_of
from git_muse_coord.symbols.languages.registry import REGISTRY
from git_muse_coord.symbols.languages.table import Place, unquote
from git_muse_coord.symbols.walked import Definition, Walked

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_VALUE = re.compile(rb"\"(?:[^\"\\]|\\.)*\"?|:|[^\s,:{}\[\]\"]+", re.DOTALL)
_ESCAPE = re.compile(rb"\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL)
_ESCAPED = {
    b"n": b"\n",
    b"t": b"\t",
    b"r": b"\r",
    b"b": b"\b",
    b"f": b"\f",
    b'"': b'"',
    b"/": b"/",
    b"\\": b"\\",
}
_MAGIC = re.compile(rb"^[ \t]*[%!?][^\n]*", re.MULTILINE)
"""A line for the notebook itself, or for a shell: no code."""
_OF_RUNS = frozenset({"outputs", "execution_count"})
"""What running a cell writes."""
_RUN = "<outputs>"
_DEFAULT_LANGUAGE = "python"


class Cell(NamedTuple):
    """A cell, in bytes."""

    start: int
    end: int
    name: str
    """Its id; empty in files of formats before 4.5."""
    is_code: bool
    lines: list[Node]
    """The strings of its source."""
    runs: list[tuple[int, int]]


class Code:
    """The code of all cells, and where each byte of it stands in the file."""

    def __init__(self) -> None:
        self.text = bytearray()
        self.places: list[int] = []
        self.ends: list[int] = []
        self.magics: list[Token] = []

    def add(self, data: bytes, cell: Cell) -> None:
        """Take the source of a cell; lines for the notebook itself become blanks."""
        first = len(self.text)
        for line in cell.lines:
            for escape in _ESCAPE.finditer(data, line.start_byte + 1, line.end_byte - 1):
                decoded = _decoded(escape.group())
                self.text += decoded
                self.places += [escape.start()] * len(decoded)
                self.ends += [escape.end()] * len(decoded)
        source = bytes(self.text[first:])
        magics = list(_MAGIC.finditer(source))
        if source.lstrip().startswith(b"%%"):
            # another language from here to the end
            magics = list(re.finditer(rb"[^\n]+", source))
        for magic in magics:
            start = first + magic.start()
            end = first + magic.end()
            token = Token(self.places[start], self.ends[end - 1], magic.group().strip())
            if token.text:
                self.magics.append(token)
            self.text[start:end] = b" " * (end - start)
        # two cells are two statements, whatever the first one ends with
        self.text += b"\n"
        self.places.append(cell.end - 1)
        self.ends.append(cell.end)

    def place(self, position: int) -> int:
        """Where something that begins at a byte of the code begins in the file."""
        if position < len(self.places):
            return self.places[position]
        return self.places[-1] if self.places else 0

    def end_place(self, position: int) -> int:
        """Where something that ends before a byte of the code ends in the file."""
        if 0 < position <= len(self.ends):
            return self.ends[position - 1]
        return self.place(position)


def _decoded(escape: bytes) -> bytes:
    if not escape.startswith(b"\\"):
        return escape
    if escape.startswith(b"\\u"):
        return chr(int(escape[2:], 16)).encode("utf-8", "replace")
    # what JSON does not know as an escape stays what it is
    return _ESCAPED.get(escape[1:], escape)


def read_notebook(data: bytes) -> Walked | None:
    """The cells of a notebook."""
    from git_muse_coord.symbols import grammar

    tree = grammar.parse_source(grammar.load("json"), data)
    if tree is None:
        return None
    cells, readable, language = _cells(data, tree)
    code = Code()
    for cell in readable:
        code.add(data, cell)
    walked = _walk(code, language) if code.text else Walked()
    if walked is None:
        return None
    _carry_back(walked, code)
    values = _values(data, readable)
    interleave(walked, sorted([*values, *code.magics]))
    _add_cells(walked, cells)
    return walked


def code_of_notebook(data: bytes) -> list[CodePart]:
    """The code of each cell, which lies in the cell."""
    from git_muse_coord.symbols import grammar

    tree = grammar.parse_source(grammar.load("json"), data)
    if tree is None:
        return []
    _, readable, language = _cells(data, tree)
    parts: list[CodePart] = []
    line = 1
    counted = 0
    for cell in readable:
        code = Code()
        code.add(data, cell)
        lines: list[int] = []
        start = 0
        for text in bytes(code.text).split(b"\n"):
            place = code.place(start)
            # counted from one to the next, for to count from the beginning takes long
            line += data.count(b"\n", counted, place)
            counted = max(counted, place)
            lines.append(line)
            start += len(text) + 1
        parts.append(CodePart(language, bytes(code.text), (cell.name,), lines))
    return parts


def _cells(data: bytes, tree: Tree) -> tuple[list[Cell], list[Cell], str]:
    """All cells, those whose code can be read, and its language."""
    place = Place(data, False, "")
    cells: list[Cell] = []
    language = _DEFAULT_LANGUAGE
    for name, value in _pairs(tree.root_node.named_children[:1], place):
        if name == "cells":
            cells = [_cell(node, place) for node in value.named_children if node.type == "object"]
        elif name == "metadata":
            language = _language(value, place) or language
    # other kernels, and cells that cannot be named, stay what JSON shows of them
    readable: list[Cell] = []
    facts = facts_of(language)
    # nor are kernels read whose grammar an extra brings: by their names alone no cache knows such files
    if language in REGISTRY and not facts.reader and not facts.package:
        readable = [cell for cell in cells if cell.is_code and cell.name and cell.lines]
    return cells, readable, language


def _pairs(objects: Iterable[Node], place: Place) -> Iterator[tuple[str, Node]]:
    for node in objects:
        for pair in node.named_children:
            value = pair.child_by_field_name("value")
            if pair.type == "pair" and value is not None:
                yield unquote(place.field(pair, "key")), value


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
        if name in ("kernelspec", "language_info"):
            for key, word in _pairs([value], place):
                if key == ("language" if name == "kernelspec" else "name"):
                    return unquote(place.text(word)).lower()
    return ""


def _walk(code: Code, language: str) -> Walked | None:
    from git_muse_coord.symbols import grammar, readings

    loaded = grammar.load(language)
    text = bytes(code.text)
    tree = grammar.parse_source(loaded, text)
    return None if tree is None else readings.read_code(loaded, text, tree).walked


def _carry_back(walked: Walked, code: Code) -> None:
    """Put every place in the code where it is in the file."""
    # an import belongs to its cell, as all else there that has no name
    walked.imports.clear()
    walked.starts[:] = [code.place(start) for start in walked.starts]
    walked.unread[:] = [(code.place(start), code.end_place(end)) for start, end in walked.unread]
    for piece in walked.pieces():
        if isinstance(piece, Definition) and piece.body_start >= 0:
            piece.body_start = code.place(piece.body_start)
            piece.body_end = code.end_place(piece.body_end)
        start = code.place(piece.start)
        piece.end = max(start, code.end_place(piece.end))
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
        body = cell.lines[0].start_byte if cell.lines else cell.start
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
        outer = around[max(0, bisect_right(starts, definition.start) - 1)]
        definition.names = (*outer.names, *definition.names)
        if definition.parent is None:
            definition.parent = outer
    walked.definitions += [*around, *runs]
    walked.definitions.sort(key=lambda definition: (definition.start, -definition.end))
