"""Clojure: the forms at the top that define something, and the methods in types and protocols."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_muse_coord.symbols.formats.outline import (
    IMPORTS,
    OPENING,
    behind_bracket,
    outlined,
    scan,
)
from git_muse_coord.symbols.formats.piece_reader import NestedReader, Stretch
from git_muse_coord.symbols.languages.table import clean_name
from git_muse_coord.symbols.walked import Walked

_TOKEN = re.compile(
    rb"(?P<comment>;[^\n]*|\A#![^\n]*)"
    rb"|#?\"(?:[^\"\\]|\\.)*\"?|\\(?:\w+|.)|#\?@?|#_|#[\w.:]*|[\[\](){}^'`~@]|,|[^\s\[\](){}\"^`~@,;]+|\S",
    re.DOTALL,
)
_KINDS = {
    b"def": "variable",
    b"defonce": "variable",
    b"defn": "function",
    b"defn-": "function",
    b"defmacro": "macro",
    b"defmulti": "function",
    b"defmethod": "method",
    b"deftest": "test",
    b"defprotocol": "protocol",
    b"definterface": "interface",
    b"defrecord": "record",
    b"deftype": "class",
    b"defstruct": "struct",
}
_HOLDING_METHODS = frozenset({"protocol", "interface", "record", "class"})
_IMPORTS = frozenset({b"ns", b"require", b"import", b"use", b"in-ns"})
_BEFORE_A_FORM = frozenset({b"'", b"`", b"~", b"@", b"#'"})
_CONDITIONALS = frozenset({b"#?", b"#?@"})
"""What stands before forms for one platform alone: ``#?(:clj (defn f []))``."""


def read_clojure(data: bytes) -> Walked:
    """What a ``.clj`` file defines."""
    found = scan(data, _TOKEN)
    reader = _Reader(found.tokens)
    reader.run()
    return outlined(found, reader.items)


class _Reader(NestedReader):
    def read_statement(self, first: int, stretch: Stretch) -> tuple[int, Stretch | None]:
        """A form, and where more forms lie in it, if they are read as those around it."""
        end = self._behind_form(first, stretch.last)
        inside = Stretch(first + 2, end - 1)
        opening = self.text_at(first)
        if opening in _CONDITIONALS:
            return end, inside
        if opening != b"(":
            return end, None
        word = self.text_at(first + 1)
        # what is in a do at the top is as much at the top
        if word == b"do":
            return end, inside
        if word in _IMPORTS:
            self.add(
                first,
                end,
                end,
                (),
                IMPORTS,
            )
        else:
            self._define(first, end, word)
        return end, None

    def _behind_form(self, first: int, last: int) -> int:
        """The index behind a form, with what may stand before it."""
        index = first
        while index < last:
            text = self.text_at(index)
            # a pattern is written #"..."; what else has the sign is a tag, as in #inst "2026"
            is_tag = text.startswith(b"#") and not text.startswith(b'#"')
            if is_tag or text in _BEFORE_A_FORM:
                index += 1
            elif text == b"^":
                index = self._behind_form(index + 1, last)
            elif text in OPENING:
                return behind_bracket(self.tokens, index, last)
            else:
                return index + 1
        return last

    def _define(
        self,
        first: int,
        end: int,
        word: bytes,
    ) -> None:
        """Keep what a form defines by the word that it begins with."""
        kind = _KINDS.get(word) or self._own_kind(word)
        name = self._behind_marks(first + 2, end)
        if not kind or name >= end - 1 or self.text_at(name) in OPENING:
            return
        title = self.text_at(name)
        if word == b"defmethod":
            # each is for one value that is dispatched on
            title += b" " + self._form_at(name + 1, end)
        self._add(
            first,
            name + 1,
            end,
            title,
            kind,
        )
        if kind not in _HOLDING_METHODS:
            return
        for method, behind in self._methods(name + 1, end - 1):
            self._add(
                method,
                method + 2,
                behind,
                self.text_at(method + 1),
                "method",
            )

    def _form_at(self, index: int, last: int) -> bytes:
        """A form as it is written, without the blanks in it."""
        behind = self._behind_form(index, last)
        return b"".join(token.text for token in self.tokens[index:behind])

    def _own_kind(self, word: bytes) -> str:
        """``s/def`` and other macros that are called as those of the language define something, too."""
        _, _, bare = word.rpartition(b"/")
        is_defining = bare.startswith(b"def") and bare != b"default"
        return "variable" if is_defining else ""

    def _behind_marks(self, index: int, last: int) -> int:
        """The index behind what is said of a name in front of it: ``^:private``, ``^{:doc "..."}``."""
        while index < last and self.text_at(index) == b"^":
            index = self._behind_form(index + 1, last)
        return index

    def _methods(self, index: int, last: int) -> Iterator[tuple[int, int]]:
        """The forms in a type that begin with a name: from which token to before which."""
        while index < last:
            end = self._behind_form(index, last)
            # the bare names between them are the protocols that a type has
            if self.text_at(index) == b"(" and end - index > 2:
                yield index, end
            index = end

    def _add(
        self,
        first: int,
        body: int,
        end: int,
        name: bytes,
        kind: str,
    ) -> None:
        self.add(
            first,
            body,
            end,
            (clean_name(name),),
            kind,
        )
