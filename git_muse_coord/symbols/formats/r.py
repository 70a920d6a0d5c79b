"""R: the functions and values of a script, classes of its four systems with their methods, and tests."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_muse_coord.symbols.formats.outline import (
    IMPORTS,
    Token,
    behind_bracket,
    outlined,
    scan,
)
from git_muse_coord.symbols.formats.piece_reader import PieceReader
from git_muse_coord.symbols.languages.table import clean_name, unquote
from git_muse_coord.symbols.walked import Walked

_TOKEN = re.compile(
    rb"(?P<comment>\#[^\n]*)"
    rb"|[rR]([\"'])(-*)\(.*?\)\3\2|[rR]([\"'])(-*)\[.*?\]\5\4"
    rb"|\"(?:[^\"\\]|\\.)*\"?|'(?:[^'\\]|\\.)*'?|`(?:[^`\\]|\\.)*`?"
    rb"|<<?-|->>?|:::?|:=|[<>=!]=|&&|\|\||\|>|%[^%\n]*%"
    rb"|(?:[A-Za-z.\x80-\xff]|_)[\w.\x80-\xff]*|\d[\w.]*|\S",
    re.DOTALL,
)
_ASSIGNING = frozenset({b"<-", b"<<-", b"=", b":="})
_FUNCTIONS = frozenset({b"function", b"\\"})
_IMPORTS = frozenset({b"library", b"require", b"requireNamespace", b"source"})
_CLASSES = frozenset({b"R6Class", b"setRefClass", b"ggproto", b"new_class"})
_NAMED_CALLS = {
    b"setClass": "class",
    b"setRefClass": "class",
    b"setGeneric": "function",
    b"setMethod": "method",
    b"setValidity": "method",
    b"test_that": "test",
    b"describe": "test",
}
"""Calls that define what their first argument says."""
_GOES_ON = _ASSIGNING | frozenset(
    b"-> ->> + - * / ^ & && | || |> ~ ! : , $ @ :: ::: == != < > <= >= ? function else".split()
)
"""A line that ends in one of these, or in a word between signs of percent, goes on in the next."""
_NAME = re.compile(rb"[A-Za-z.\x80-\xff][\w.\x80-\xff]*\Z|`.*`\Z|\".*\"\Z|'.*'\Z", re.DOTALL)


def read_r(data: bytes) -> Walked:
    """What a script or a file of a package defines."""
    found = scan(data, _TOKEN)
    reader = _Reader(data, found.tokens)
    for first, end in reader.statements():
        reader.define(first, end)
    return outlined(found, reader.items)


class _Reader(PieceReader):
    def __init__(self, data: bytes, tokens: list[Token]) -> None:
        super().__init__(tokens)
        self.data = data

    def statements(self) -> Iterator[tuple[int, int]]:
        """The statements at the top, each from a token to before another."""
        first = index = 0
        size = len(self.tokens)
        while index < size:
            if index > first and self._is_ended_before(index):
                yield first, index
                first = index
            index = self.behind(index, size)
        if first < size:
            yield first, size

    def _is_ended_before(self, index: int) -> bool:
        before = self.tokens[index - 1]
        if before.text == b";":
            return True
        if b"\n" not in self.data[before.end : self.tokens[index].start]:
            return False
        # the end of a line ends a statement only where it could be one
        goes_on = before.text in _GOES_ON or before.text.startswith(b"%")
        # the body of a function, or of an if, may stand on the next line
        is_head = before.text == b")" and self.tokens[index].text == b"{"
        return not goes_on and not is_head

    def define(self, first: int, end: int) -> None:
        """Keep what a statement defines."""
        word = self.text_at(first)
        if word in _IMPORTS and self.text_at(first + 1) == b"(":
            self.add(
                first,
                end,
                end,
                (),
                IMPORTS,
            )
            return
        if word in _NAMED_CALLS and self.text_at(first + 1) == b"(":
            self._call(first, end)
            return
        names, value = self._assigned(first, end)
        if not names:
            return
        if self.text_at(value) in _FUNCTIONS:
            body = self._behind_parameters(value, end)
            self.add(
                first,
                body,
                end,
                names,
                "function",
            )
            return
        maker = self._maker(value, end)
        if maker:
            self.add(
                first,
                maker,
                end,
                names,
                "class",
            )
            self._members(maker + 1, end)
        else:
            self.add(
                first,
                value,
                end,
                names,
                "variable",
            )

    def _call(self, first: int, end: int) -> None:
        """``setMethod("area", "Circle", ...)``: a method goes by what it is for, too."""
        word = self.text_at(first)
        # the first argument, behind the word and its bracket
        title = unquote(clean_name(self.text_at(first + 2)))
        if word == b"setMethod" and self.text_at(first + 3) == b",":
            kind = self.text_at(first + 4)
            if kind[:1] in (b'"', b"'"):
                title = f"{title} {unquote(clean_name(kind))}"
        if title:
            self.add(
                first,
                first + 3,
                end,
                (title,),
                _NAMED_CALLS[word],
            )

    def _assigned(self, first: int, end: int) -> tuple[tuple[str, ...], int]:
        """The names before an arrow, as steps of ``a$b <- 1``, and where the value begins."""
        names: list[str] = []
        index = first
        while index < end and _NAME.match(self.text_at(index)):
            name = clean_name(self.text_at(index))
            names.append(unquote(name))
            sign = self.text_at(index + 1)
            if sign in _ASSIGNING:
                return tuple(names), index + 2
            if sign != b"$":
                break
            index += 2
        return (), first

    def _behind_parameters(self, value: int, end: int) -> int:
        return behind_bracket(self.tokens, value + 1, end)

    def _maker(self, value: int, end: int) -> int:
        """Where the brackets of ``R6::R6Class(...)`` open; 0 where a value is no class."""
        # R6::R6Class, with the package in front
        has_package = self.text_at(value + 1) in (b"::", b":::")
        index = value + 2 if has_package else value
        opening = index + 1
        is_class = self.text_at(index) in _CLASSES and self.text_at(opening) == b"("
        return opening if is_class and opening < end else 0

    def _members(self, first: int, end: int) -> None:
        """The functions that a class is given by name."""
        index = first
        while index + 2 < end:
            is_method = self.text_at(index + 1) == b"=" and self.text_at(index + 2) in _FUNCTIONS
            if not is_method or not _NAME.match(self.text_at(index)):
                index += 1
                continue
            body = self._behind_parameters(index + 2, end)
            behind = self._behind_value(body, end)
            name = clean_name(self.text_at(index))
            self.add(
                index,
                body,
                behind,
                (unquote(name),),
                "method",
            )
            index = behind

    def _behind_value(self, index: int, end: int) -> int:
        """The index of the comma or bracket behind a value."""
        while index < end and self.text_at(index) not in (b",", b")"):
            index = self.behind(index, end)
        return index
