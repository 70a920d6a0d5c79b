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
_KINDS = {
    b"spec": "function",
    b"callback": "function",
    b"type": "type",
    b"opaque": "type",
    b"nominal": "type",
    b"define": "macro",
    b"record": "record",
}
"""What forms define that begin with a sign. A specification is one with the function of its name."""
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
            return
        is_function = _ATOM.match(self.text_at(first)) and self.text_at(first + 1) == b"("
        if is_function:
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
            return
        kind = _KINDS.get(word)
        if kind is None:
            return
        self._add(
            first,
            named + 1,
            end,
            named,
            kind,
        )
        if kind == "record":
            self._fields(named + 1, end)

    def _fields(self, index: int, end: int) -> None:
        """The fields of a record: each begins behind the brace or a comma, and goes on to the next one."""
        while index < end and self.text_at(index) != b"{":
            index += 1
        last = behind_bracket(self.tokens, index, end) - 1
        index += 1
        while index < last:
            comma = self._next_comma(index, last)
            if comma > index:
                self._add(
                    index,
                    index + 1,
                    comma,
                    index,
                    "field",
                )
            index = comma + 1

    def _next_comma(self, index: int, last: int) -> int:
        while index < last and self.text_at(index) != b",":
            index = self.behind(index, last)
        return index

    def _add(
        self,
        first: int,
        body: int,
        end: int,
        named: int,
        kind: str,
    ) -> None:
        # an atom means the same with quotes around it and without
        name = clean_name(self.text_at(named)).strip("'")
        self.add(
            first,
            body,
            end,
            (name,),
            kind,
        )
