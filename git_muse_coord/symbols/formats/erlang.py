"""Erlang: functions with all their clauses and their specifications, records with their fields, types, macros."""

from __future__ import annotations

import re

from git_muse_coord.symbols.formats.outline import (
    IMPORTS,
    behind_bracket,
    outlined,
    scan,
)
from git_muse_coord.symbols.formats.piece_reader import PieceReader
from git_muse_coord.symbols.languages.table import clean_name
from git_muse_coord.symbols.walked import Walked

_TOKEN = re.compile(
    rb"(?P<comment>%[^\n]*|\A#![^\n]*)"
    rb"|\"(?:[^\"\\]|\\.)*\"?|'(?:[^'\\\n]|\\.)*'?|\$(?:\\.|.)"
    rb"|\.(?=[\s%]|\Z)|[A-Za-z_@\x80-\xff][\w@\x80-\xff]*|\d+(?:[.#]\w+)*|->|::|\|\||[=:<>/-]+|\S",
    re.DOTALL,
)
_IMPORTS = frozenset({b"import", b"include", b"include_lib"})
_TYPES = frozenset({b"type", b"opaque", b"nominal"})
_SPECIFICATIONS = frozenset({b"spec", b"callback"})
_ATOM = re.compile(rb"'.*'\Z|[a-z][\w@]*\Z", re.DOTALL)
_END = b"."


def read_erlang(data: bytes) -> Walked:
    """What a module or header defines."""
    found = scan(data, _TOKEN)
    reader = _Reader(found.tokens)
    reader.run()
    return outlined(found, reader.items)


class _Reader(PieceReader):
    def run(self) -> None:
        """Read the forms of a file, each of which ends with a full stop."""
        first = 0
        for index, token in enumerate(self.tokens):
            if token.text == _END:
                self._define(first, index + 1)
                first = index + 1
        # the last form, while somebody is writing it
        if first < len(self.tokens):
            self._define(first, len(self.tokens))

    def _define(self, first: int, end: int) -> None:
        if self.text_at(first) == b"-":
            self._attribute(first, end)
        elif _ATOM.match(self.text_at(first)) and self.text_at(first + 1) == b"(":
            # the other clauses stand behind a semicolon, and in the same form
            body = behind_bracket(self.tokens, first + 1, end)
            self._add(
                first,
                body,
                end,
                first,
                "function",
            )

    def _attribute(self, first: int, end: int) -> None:
        """``-record(point, {x, y}).`` and other forms that begin with a sign."""
        word = self.text_at(first + 1)
        named = first + 2
        # older sources have brackets around all: -spec(f() -> ok).
        while self.text_at(named) == b"(":
            named += 1
        if word in _IMPORTS:
            self.add(
                first,
                end,
                end,
                (),
                IMPORTS,
            )
        elif word in _SPECIFICATIONS:
            self._add(
                first,
                named + 1,
                end,
                named,
                "function",
            )
        elif word in _TYPES:
            self._add(
                first,
                named + 1,
                end,
                named,
                "type",
            )
        elif word == b"define":
            self._add(
                first,
                named + 1,
                end,
                named,
                "macro",
            )
        elif word == b"record":
            self._add(
                first,
                named + 1,
                end,
                named,
                "record",
            )
            self._fields(named + 1, end)

    def _fields(self, index: int, end: int) -> None:
        """The fields of a record: each begins behind the brace or a comma, and goes on to the next one."""
        while index < end and self.text_at(index) != b"{":
            index += 1
        last = behind_bracket(self.tokens, index, end) - 1
        index += 1
        while index < last:
            behind = index
            while behind < last and self.text_at(behind) != b",":
                behind = (
                    behind_bracket(self.tokens, behind, last)
                    if self.text_at(behind) in _OPENING
                    else behind + 1
                )
            if behind > index:
                self._add(
                    index,
                    index + 1,
                    behind,
                    index,
                    "field",
                )
            index = behind + 1

    def _add(
        self,
        first: int,
        body: int,
        end: int,
        named: int,
        kind: str,
    ) -> None:
        name = clean_name(self.text_at(named)).strip("'")
        self.add(
            first,
            body,
            end,
            (name,),
            kind,
        )


_OPENING = frozenset({b"(", b"[", b"{"})
