"""Protocol buffers: messages, enums, services, with the fields, values and methods in them."""

from __future__ import annotations

import re

from git_muse_coord.symbols.formats.outline import (
    IMPORTS,
    Outlined,
    Token,
    behind_bracket,
    outlined,
    piece_of,
    scan,
)
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
    reader.run(0, len(found.tokens))
    return outlined(found, reader.items)


class _Reader:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.items: list[Outlined] = []

    def run(self, first: int, last: int) -> None:
        """Read the statements of a file, and of all that lies in braces."""
        pending = [(first, last)]
        while pending:
            index, last = pending.pop()
            while index < last:
                end, body = self._end_of_statement(index, last)
                inside = self._declare(index, body, end)
                if inside is not None:
                    # first what lies in it, so that items come in the order of the file
                    pending.append((end, last))
                    pending.append(inside)
                    break
                index = end

    def _end_of_statement(self, first: int, last: int) -> tuple[int, int]:
        """The index behind a statement, and that of its opening brace, or of its end where it has none."""
        index = first
        while index < last:
            text = self.tokens[index].text
            if text == b";":
                return index + 1, index + 1
            if text == b"{" and not self._is_value(index, first):
                return behind_bracket(self.tokens, index, last), index
            index = behind_bracket(self.tokens, index, last) if text in b"([{" else index + 1
            if text == b"}":
                break
        return index, index

    def _is_value(self, index: int, first: int) -> bool:
        """Whether a brace opens the value of an option."""
        return index > first and self.tokens[index - 1].text in (b"=", b":")

    def _declare(
        self,
        first: int,
        body: int,
        end: int,
    ) -> tuple[int, int] | None:
        """Keep what a statement declares. Returns the range of statements in it, where it has any."""
        word = self.tokens[first].text
        if word == b"import":
            self._add(
                first,
                end,
                end,
                b"",
                IMPORTS,
            )
            return None
        if word in _UNNAMED:
            return None
        if word in _CONTAINERS or word == b"rpc":
            if first + 1 >= end:
                return None
            self._add(
                first,
                body,
                end,
                self.tokens[first + 1].text,
                clean_name(word),
            )
            return None if word == b"rpc" or body == end else (body + 1, end - 1)
        # a field is what has a number: type and name in front of it, in whatever form
        for index in range(first + 1, body):
            if self.tokens[index].text == b"=":
                self._add(
                    first,
                    index,
                    end,
                    self.tokens[index - 1].text,
                    "field",
                )
                break
        # a group is a field and a message at once
        return None if body == end else (body + 1, end - 1)

    def _add(
        self,
        first: int,
        body: int,
        end: int,
        name: bytes,
        kind: str,
    ) -> None:
        names = (clean_name(name),) if name else ()
        if names or kind == IMPORTS:
            self.items.append(
                piece_of(
                    self.tokens,
                    first,
                    body,
                    end,
                    names,
                    kind,
                )
            )
