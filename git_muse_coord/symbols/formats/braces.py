"""Languages with braces of which no grammar keeps a function and its body together: Dart, Groovy, PowerShell.

A statement at the top or in a type ends with a semicolon, a block, or its line. What it declares is told by
the words in its head (``brace_heads``). Functions are not looked into, for what is in them is local.
"""

from __future__ import annotations

from collections.abc import Sequence

from git_muse_coord.symbols.formats.brace_heads import BraceHead, Statement
from git_muse_coord.symbols.formats.brace_words import (
    DART,
    GROOVY,
    POWERSHELL,
    BraceWords,
)
from git_muse_coord.symbols.formats.outline import (
    IMPORTS,
    Token,
    behind_bracket,
    outlined,
    scan,
)
from git_muse_coord.symbols.formats.piece_reader import NestedReader, Stretch
from git_muse_coord.symbols.languages.table import clean_name
from git_muse_coord.symbols.walked import Walked

_VALUE_FOLLOWS = frozenset({b"=", b":", b",", b"(", b"[", b"?", b"=>", b"return"})
"""Behind these a brace opens a value, and no body."""
_GOES_ON = frozenset(
    {b",", b"=", b":", b"+", b"-", b"*", b"/", b"|", b"&", b".", b"=>", b"<", b"?", b"\\", b"`"}
)
"""A line that ends in one of these goes on in the next."""
_GOES_ON_BEFORE = frozenset({b"{", b".", b"?", b"|"})
"""A line before one that begins with any of these goes on there."""
_VALUE_SIGNS = frozenset({b"=", b"=>"})
_BEHIND_ARGUMENTS = frozenset({b"=>"})
"""What a constructor gives to its fields, behind its arguments, is no value of its own."""


def read_dart(data: bytes) -> Walked:
    """Types with their members, functions and variables of a library."""
    return _read(data, DART)


def read_groovy(data: bytes) -> Walked:
    """Types with their members, functions, variables and blocks of a script."""
    return _read(data, GROOVY)


def read_powershell(data: bytes) -> Walked:
    """Functions, types with their members, and variables of a script."""
    return _read(data, POWERSHELL)


def _read(data: bytes, words: BraceWords) -> Walked:
    found = scan(data, words.token)
    reader = _Reader(data, found.tokens, words)
    reader.run()
    return outlined(found, reader.items)


class _Reader(NestedReader):
    def __init__(
        self,
        data: bytes,
        tokens: Sequence[Token],
        words: BraceWords,
    ) -> None:
        super().__init__(tokens)
        self.data = data
        self.words = words

    def read_statement(self, first: int, stretch: Stretch) -> tuple[int, Stretch | None]:
        """A statement, and what lies in the type that it declares."""
        end, body = self._end_of_statement(first, stretch)
        kind = self._declare(first, body, end, stretch.around)
        inside = Stretch(body + 1, end - 1, kind) if kind else None
        return end, inside

    def _end_of_statement(self, first: int, stretch: Stretch) -> tuple[int, int]:
        """The index behind a statement, and that of its opening brace, or of its end where it has none."""
        last = stretch.last
        ends = (b";", b",") if stretch.around == "enum" else (b";",)
        value_signs = _VALUE_SIGNS
        has_value = False
        # sought once, for a line can hold as many of them as it likes
        marks_end = self._behind_marks(first, last) if self.words.lines_end else first
        index = first
        while index < last:
            text = self.tokens[index].text
            if index > marks_end and self._is_ended_by_line(index):
                return index, index
            if text in ends:
                return index + 1, index + 1
            if text == b"{" and not has_value and not self._is_value(index, first):
                return behind_bracket(self.tokens, index, last), index
            if text in value_signs:
                has_value = True
            elif text == b"(":
                value_signs = _BEHIND_ARGUMENTS
            index = self.behind(index, last)
            if text == b"}":
                break
        return index, index

    def _is_value(self, index: int, first: int) -> bool:
        """Whether a brace opens a value by what stands before it."""
        return index > first and self.tokens[index - 1].text in _VALUE_FOLLOWS

    def _is_ended_by_line(self, index: int) -> bool:
        if not self.words.lines_end:
            return False
        before = self.tokens[index - 1]
        token = self.tokens[index]
        if b"\n" not in self.data[before.end : token.start]:
            return False
        goes_on = before.text in _GOES_ON or token.text in _GOES_ON_BEFORE
        return not goes_on

    def _declare(
        self,
        first: int,
        body: int,
        end: int,
        around: str,
    ) -> str:
        """Keep what a statement declares. Returns the kind of a type, in which there is more."""
        head = self._behind_marks(first, body)
        if head >= body:
            return ""
        word = self.tokens[head].text.lower()
        if word in self.words.imports:
            self.add(
                first,
                end,
                end,
                (),
                IMPORTS,
            )
            return ""
        statement = Statement(head, body, end, around)
        name, kind = BraceHead(self.tokens, self.words, statement).declared()
        if not name:
            return ""
        if self.words.variables:
            # script:table is the table of the script
            name = name.rpartition(b":")[2]
        names = (clean_name(name),) if name else ()
        self.add(
            first,
            body,
            end,
            names,
            kind,
        )
        is_type = kind in self.words.types.values() and body < end
        return kind if is_type else ""

    def _behind_marks(self, first: int, last: int) -> int:
        """The index behind annotations, and types in brackets."""
        index = first
        while index < last:
            text = self.tokens[index].text
            if text == b"@" and index + 1 < last:
                index = self._behind_annotation(index, last)
            elif text == b"[" and self.words.variables:
                index = behind_bracket(self.tokens, index, last)
            else:
                break
        return index

    def _behind_annotation(self, index: int, last: int) -> int:
        """``@a.b.C(...)``: the sign, a name of several steps, and its arguments."""
        index += 2
        while index + 1 < last and self.tokens[index].text == b".":
            index += 2
        if index < last and self.tokens[index].text == b"(":
            return behind_bracket(self.tokens, index, last)
        return index
