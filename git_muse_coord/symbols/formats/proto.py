"""Protocol buffers: messages, enums, services, with the fields, values and methods in them."""

from __future__ import annotations

import re

from git_muse_coord.symbols.formats.outline import (
    IMPORTS,
    behind_bracket,
    outlined,
    scan,
)
from git_muse_coord.symbols.formats.piece_reader import NestedReader, Stretch
from git_muse_coord.symbols.languages.table import clean_name
from git_muse_coord.symbols.walked import Walked

_TOKEN = re.compile(
    rb"(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))"
    rb"|\"(?:[^\"\\\n]|\\.)*\"?|'(?:[^'\\\n]|\\.)*'?|[\w.]+|\S",
    re.DOTALL,
)
_CONTAINERS = frozenset({b"message", b"enum", b"service", b"oneof", b"extend"})
_UNNAMED = frozenset(
    {b"option", b"syntax", b"edition", b"package", b"reserved", b"extensions", b";", b"}"}
)


def read_proto(data: bytes) -> Walked:
    """What a ``.proto`` file declares."""
    found = scan(data, _TOKEN)
    reader = _Reader(found.tokens)
    reader.run()
    return outlined(found, reader.items)


class _Reader(NestedReader):
    def read_statement(self, first: int, stretch: Stretch) -> tuple[int, Stretch | None]:
        """A statement, and what lies in its braces."""
        end, body = self._end_of_statement(first, stretch.last)
        inside = Stretch(body + 1, end - 1) if body < end else None
        word = self.tokens[first].text
        if word == b"import":
            self.add(
                first,
                end,
                end,
                (),
                IMPORTS,
            )
            return end, None
        if word in _UNNAMED:
            return end, None
        if word in _CONTAINERS or word == b"rpc":
            if first + 1 >= end:
                return end, None
            self._add(
                first,
                body,
                end,
                first + 1,
                clean_name(word),
            )
            # options of a method are told with it
            return end, None if word == b"rpc" else inside
        self._declare_field(first, body, end)
        # a group is a field and a message at once
        return end, inside

    def _end_of_statement(self, first: int, last: int) -> tuple[int, int]:
        """The index behind a statement, and that of its opening brace, or of its end where it has none."""
        index = first
        while index < last:
            text = self.tokens[index].text
            if text == b";":
                return index + 1, index + 1
            if text == b"{" and not self._is_value(index, first):
                return behind_bracket(self.tokens, index, last), index
            index = self.behind(index, last)
            if text == b"}":
                break
        return index, index

    def _is_value(self, index: int, first: int) -> bool:
        """Whether a brace opens the value of an option."""
        return index > first and self.tokens[index - 1].text in (b"=", b":")

    def _declare_field(
        self,
        first: int,
        body: int,
        end: int,
    ) -> None:
        """Keep a field, which is what has a number: type and name in front of it, in whatever form."""
        for index in range(first + 1, body):
            if self.tokens[index].text == b"=":
                self._add(
                    first,
                    index,
                    end,
                    index - 1,
                    "field",
                )
                break

    def _add(
        self,
        first: int,
        body: int,
        end: int,
        named: int,
        kind: str,
    ) -> None:
        name = self.tokens[named].text
        self.add(
            first,
            body,
            end,
            (clean_name(name),),
            kind,
        )
