"""What the head of a statement declares, in the languages that ``braces`` reads: the words in it tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from git_muse_coord.symbols.formats.brace_words import BraceWords
from git_muse_coord.symbols.formats.outline import Token, behind_bracket

_WORD = re.compile(rb"[A-Za-z_$\x80-\xff][\w$:?\x80-\xff-]*\Z")
_NO_NAMES = frozenset(
    b"if for while switch return throw try catch finally else do assert new in case default".split()
)
_ENDS_NAMES = frozenset({b"=", b";", b",", b"=>"})
"""What no name stands behind any more."""


class Statement(NamedTuple):
    """A statement among the tokens of a file."""

    first: int
    body: int
    """Where its braces open; its end where it has none."""
    end: int
    around: str
    """The kind of the type in which it stands; empty at the top."""


class NameAndKind(NamedTuple):
    """What a statement declares."""

    name: bytes
    kind: str


NOTHING = NameAndKind(b"", "")


class BraceHead:
    """The head of one statement, read word by word."""

    def __init__(
        self,
        tokens: Sequence[Token],
        words: BraceWords,
        statement: Statement,
    ) -> None:
        self.tokens = tokens
        self.words = words
        self.statement = statement
        self.index = statement.first
        self.name = b""
        """The last word so far."""
        self.count = 0
        """How many words there were, where ``a.b.c`` is one."""

    def declared(self) -> NameAndKind:
        """What the head declares; nothing for a statement that only does something."""
        while self.index < self.statement.body:
            text = self.tokens[self.index].text
            declared = self._told_by(text)
            if declared is not None:
                return declared
            behind = self._behind_no_word(text)
            if behind > self.index:
                self.index = behind
                continue
            if text in _ENDS_NAMES:
                break
            self.index += 1
            if text == b".":
                # the last step of `Class.named` counts
                self.count -= 1
                continue
            if text in _NO_NAMES or not _is_word(text):
                return NOTHING
            self.name = text
            self.count += 1
        return self._variable()

    def _told_by(self, text: bytes) -> NameAndKind | None:
        """What is declared where one word or sign tells; None where it does not."""
        lower = text.lower()
        if lower in self.words.types and self.count == self._words_before():
            return NameAndKind(self._name_of_type(), self.words.types[lower])
        if lower in self.words.functions:
            return NameAndKind(self._text(self.index + 1), "function")
        if text == b"operator" and self.index + 1 < self.statement.body:
            return NameAndKind(b"operator " + self._operator(), "method")
        # in Dart `Function(int)` is a type
        if text == b"(" and self.name != b"Function":
            return self._called()
        return None

    def _behind_no_word(self, text: bytes) -> int:
        """The index behind what may stand among the words and is none of them; for all else its own."""
        last = self.statement.body
        is_type = text == b"[" and self.words.variables
        if text == b"(" or is_type:
            return behind_bracket(self.tokens, self.index, last)
        if text == b"?":  # a type that can be null
            return self.index + 1
        if text == b"<" and self.name:
            return self._behind_arguments()
        return self.index

    def _words_before(self) -> int:
        """How many words stand before that of a type: all of them must be modifiers."""
        words = 0
        for token in self.tokens[self.statement.first : self.index]:
            words += _is_word(token.text)
        return words

    def _text(self, index: int) -> bytes:
        """The text of a token of the head; empty behind it."""
        return self.tokens[index].text if index < self.statement.body else b""

    def _name_of_type(self) -> bytes:
        """The name behind the words of a type; ``mixin class A`` and ``extension type B`` have two."""
        index = self.index + 1
        while self._text(index) in (b"class", b"type"):
            index += 1
        name = self._text(index)
        if name == b"on":
            # without a name an extension is known by what it extends
            return b"on " + self._text(index + 1)
        return name if _is_word(name) else b""

    def _operator(self) -> bytes:
        signs = b""
        for token in self.tokens[self.index + 1 : self.statement.body]:
            if token.text == b"(":
                break
            signs += token.text
        return signs

    def _called(self) -> NameAndKind:
        """A function by the name before its brackets; in a script, a call with a block by its arguments too."""
        name = self.name
        if not name or name in _NO_NAMES:
            return NOTHING
        has_body = self._has_body()
        if self._may_be_block():
            if not has_body:
                return NOTHING
            return NameAndKind(self._title_of_block(), "block")
        around = self.statement.around
        is_method = around != "" and has_body
        # other calls in PowerShell only call
        if self.words.variables and not is_method:
            return NOTHING
        if self._is_constant():
            return NameAndKind(name, "constant")
        return NameAndKind(name, "method" if around else "function")

    def _title_of_block(self) -> bytes:
        """``task("build")`` by its name and its first argument."""
        at = self.index + 1
        if at >= len(self.tokens):
            return self.name
        argument = self.tokens[at].text
        if argument == b")":
            return self.name
        return self.name + b" " + argument.strip(b"'\"")

    def _variable(self) -> NameAndKind:
        """A variable, a value of an enumeration, a getter, or a block of a script."""
        name = self.name
        if not name:
            return NOTHING
        if self._is_constant():
            return NameAndKind(name, "constant")
        # `int get size => 1` of Dart, in which get is the word before the name
        if self.count > 1 and self._text(self.index - 2) == b"get":
            return NameAndKind(name, "property")
        if self._has_body():
            return NameAndKind(name, "block") if self._may_be_block() else NOTHING
        around = self.statement.around
        kind = "field" if around else "variable"
        has_value = self._text(self.index) in (b"=", b"=>")
        sign = self.words.variables
        if sign:
            is_given = name.startswith(sign) and (has_value or around != "")
            return NameAndKind(name.removeprefix(sign), kind) if is_given else NOTHING
        # a word alone is a call or a name that is mentioned
        is_given = has_value and (around != "" or self.words.has_blocks)
        return NameAndKind(name, kind) if self.count > 1 or is_given else NOTHING

    def _has_body(self) -> bool:
        return self.statement.body < self.statement.end

    def _may_be_block(self) -> bool:
        return self.words.has_blocks and self.count == 1 and not self.statement.around

    def _is_constant(self) -> bool:
        """Whether this is a value of an enumeration."""
        return self.statement.around == "enum" and self.count == 1

    def _behind_arguments(self) -> int:
        """The index behind the arguments of a type."""
        depth = 0
        for index in range(self.index, self.statement.body):
            text = self.tokens[index].text
            if text == b"<":
                depth += 1
            elif text == b">":
                depth -= 1
            if depth == 0:
                return index + 1
        return self.statement.body


def _is_word(text: bytes) -> bool:
    return _WORD.match(text) is not None
