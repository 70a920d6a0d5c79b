"""Languages with braces of which no grammar keeps a function and its body together: Dart, Groovy, PowerShell.

A statement at the top or in a type ends with a semicolon, a block, or its line. What it declares is told by
the words in its head. Functions are not looked into, for what is in them is local.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from git_muse_coord.symbols.formats.brace_words import DART, GROOVY, POWERSHELL, BraceWords
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

_WORD = re.compile(rb"[A-Za-z_$\x80-\xff][\w$:?\x80-\xff-]*\Z")
_VALUE_FOLLOWS = frozenset({b"=", b":", b",", b"(", b"[", b"?", b"=>", b"return"})
"""Behind these a brace opens a value, and no body."""
_GOES_ON = frozenset(
    {b",", b"=", b":", b"+", b"-", b"*", b"/", b"|", b"&", b".", b"=>", b"<", b"?", b"\\", b"`"}
)
"""A line that ends in one of these goes on in the next; so does one before a line that begins with it."""
_NO_NAMES = frozenset(
    b"if for while switch return throw try catch finally else do assert new in case default".split()
)


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


class _Reader:
    def __init__(
        self,
        data: bytes,
        tokens: Sequence[Token],
        words: BraceWords,
    ) -> None:
        self.data = data
        self.tokens = tokens
        self.words = words
        self.items: list[Outlined] = []

    def run(self) -> None:
        """Read the statements of a file, and of the types in it."""
        # what a range lies in: the kind of the type, or nothing
        pending = [(0, len(self.tokens), "")]
        while pending:
            index, last, around = pending.pop()
            while index < last:
                end, body = self._end_of_statement(index, last, around)
                inside = self._declare(index, body, end, around)
                if inside:
                    # first what lies in it, so that items come in the order of the file
                    pending.append((end, last, around))
                    pending.append((body + 1, end - 1, inside))
                    break
                index = end

    def _end_of_statement(
        self,
        first: int,
        last: int,
        around: str,
    ) -> tuple[int, int]:
        """The index behind a statement, and that of its opening brace, or of its end where it has none."""
        index = first
        has_value = False
        has_call = False
        # sought once, for a line can hold as many of them as it likes
        marks_end = self._without_marks(first, last) if self.words.lines_end else first
        while index < last:
            text = self.tokens[index].text
            if index > max(first, marks_end) and self._is_ended_by_line(index):
                return index, index
            if text == b";" or (text == b"," and around == "enum"):
                return index + 1, index + 1
            if text == b"{":
                closing = behind_bracket(self.tokens, index, last)
                before = self.tokens[index - 1].text if index > first else b""
                if not has_value and before not in _VALUE_FOLLOWS:
                    return closing, index
                index = closing
                continue
            # what a constructor gives to its fields is no value of its own
            has_value = has_value or text == b"=>" or (text == b"=" and not has_call)
            has_call = has_call or text == b"("
            index = behind_bracket(self.tokens, index, last) if text in (b"(", b"[") else index + 1
            if text == b"}":
                break
        return index, index

    def _is_ended_by_line(self, index: int) -> bool:
        if not self.words.lines_end:
            return False
        before = self.tokens[index - 1]
        token = self.tokens[index]
        if b"\n" not in self.data[before.end : token.start]:
            return False
        goes_on = before.text in _GOES_ON or token.text in (b"{", b".", b"?", b"|")
        return not goes_on

    def _declare(
        self,
        first: int,
        body: int,
        end: int,
        around: str,
    ) -> str:
        """Keep what a statement declares. Returns the kind of a type, in which there is more."""
        head = self._without_marks(first, body)
        if head >= body:
            return ""
        if self.tokens[head].text.lower() in self.words.imports:
            self._add(first, end, end, b"", IMPORTS)
            return ""
        name, kind = self._named(head, body, end, around)
        if not name:
            return ""
        self._add(first, body, end, name, kind)
        is_type = kind in self.words.types.values() and body < end
        return kind if is_type else ""

    def _without_marks(self, first: int, last: int) -> int:
        """The index behind annotations, and types in brackets."""
        index = first
        while index < last:
            text = self.tokens[index].text
            if text == b"@" and index + 1 < last:
                index += 2
                while index + 1 < last and self.tokens[index].text == b".":
                    index += 2
                if index < last and self.tokens[index].text == b"(":
                    index = behind_bracket(self.tokens, index, last)
            elif text == b"[" and self.words.variables:
                index = behind_bracket(self.tokens, index, last)
            else:
                break
        return index

    def _named(
        self,
        first: int,
        body: int,
        end: int,
        around: str,
    ) -> tuple[bytes, str]:
        """What a head names, and its kind; no name for what declares nothing."""
        name = b""
        words = 0
        index = first
        while index < body:
            text = self.tokens[index].text
            lower = text.lower()
            if lower in self.words.types and words == self._modifiers(first, index):
                return self._type_name(index, body), self.words.types[lower]
            if lower in self.words.functions:
                return self._text(index + 1, body), "function"
            if text == b"operator" and index + 1 < body:
                return b"operator " + self._operator(index + 1, body), "method"
            if text == b"(" and name == b"Function":
                # in Dart that is a type
                index = behind_bracket(self.tokens, index, body)
                continue
            if text == b"(":
                return self._called(name, words, index, body, end, around)
            if text == b"[" and self.words.variables:
                index = behind_bracket(self.tokens, index, body)
                continue
            if text == b"?":
                # a type that can be null
                index += 1
                continue
            if text == b"<" and name:
                index = self._behind_arguments(index, body)
                continue
            if text in (b"=", b";", b",", b"=>"):
                break
            if text == b".":
                # the last step of `Class.named` counts, and all of them are one word
                index += 1
                words -= 1
                continue
            if text in _NO_NAMES or not self._is_name(text):
                return b"", ""
            name = text
            words += 1
            index += 1
        return self._variable(name, words, index, body, end, around)

    def _modifiers(self, first: int, index: int) -> int:
        """How many words stand before the word of a type, all of which change it."""
        return sum(self._is_name(token.text) for token in self.tokens[first:index])

    def _is_name(self, text: bytes) -> bool:
        return _WORD.match(text) is not None

    def _text(self, index: int, last: int) -> bytes:
        return self.tokens[index].text if index < last else b""

    def _type_name(self, index: int, last: int) -> bytes:
        """The name behind the words of a type; ``mixin class A`` and ``extension type B`` have two."""
        index += 1
        while index < last and self.tokens[index].text in (b"class", b"type"):
            index += 1
        name = self._text(index, last)
        if name == b"on":
            # without a name an extension is known by what it extends
            return b"on " + self._text(index + 1, last)
        return name if self._is_name(name) else b""

    def _operator(self, index: int, last: int) -> bytes:
        sign = b""
        while index < last and self.tokens[index].text != b"(":
            sign += self.tokens[index].text
            index += 1
        return sign

    def _called(
        self,
        name: bytes,
        words: int,
        index: int,
        body: int,
        end: int,
        around: str,
    ) -> tuple[bytes, str]:
        """A function by the name before its brackets; in a script, a call with a block by its arguments too."""
        if not name or name in _NO_NAMES:
            return b"", ""
        has_body = body < end
        if words == 1 and self.words.has_blocks and not around:
            arguments = [token.text for token in self.tokens[index + 1 : index + 2]]
            title = b" ".join([name, *(text.strip(b"'\"") for text in arguments if text != b")")])
            return (title, "block") if has_body else (b"", "")
        if self.words.variables and not (around and has_body):
            return b"", ""
        if around == "enum" and words == 1:
            return name, "constant"
        return name, "method" if around else "function"

    def _variable(
        self,
        name: bytes,
        words: int,
        index: int,
        body: int,
        end: int,
        around: str,
    ) -> tuple[bytes, str]:
        """A variable, a value of an enumeration, a getter, or a block of a script."""
        if not name:
            return b"", ""
        if around == "enum" and words == 1:
            return name, "constant"
        is_property = words > 1 and self._text(index - 2, body) == b"get"
        if is_property:
            return name, "property"
        if body < end:
            is_block = self.words.has_blocks and words == 1 and not around
            return (name, "block") if is_block else (b"", "")
        sign = self.words.variables
        has_value = self._text(index, body) in (b"=", b"=>")
        if sign:
            is_variable = name.startswith(sign) and (has_value or bool(around))
            return (
                (name.removeprefix(sign), "field" if around else "variable")
                if is_variable
                else (b"", "")
            )
        # a word alone is a call or a name that is mentioned
        if words < 2 and not (has_value and (around or self.words.has_blocks)):
            return b"", ""
        return name, "field" if around else "variable"

    def _behind_arguments(self, index: int, last: int) -> int:
        """The index behind the arguments of a type."""
        depth = 0
        for at in range(index, last):
            text = self.tokens[at].text
            depth += (text == b"<") - (text == b">")
            if depth == 0:
                return at + 1
        return last

    def _add(
        self,
        first: int,
        body: int,
        end: int,
        name: bytes,
        kind: str,
    ) -> None:
        if self.words.variables:
            # script:table is the table of the script
            name = name.rpartition(b":")[2]
        names = (clean_name(name),) if name else ()
        self.items.append(piece_of(self.tokens, first, body, end, names, kind))
