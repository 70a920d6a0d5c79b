"""Clojure: the forms at the top that define something, and the methods in types and protocols."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
_OPENING = frozenset({b"(", b"[", b"{"})


def read_clojure(data: bytes) -> Walked:
    """What a ``.clj`` file defines."""
    found = scan(data, _TOKEN)
    reader = _Reader(found.tokens)
    reader.run()
    return outlined(found, reader.items)


class _Reader(PieceReader):
    def run(self) -> None:
        """Read the forms of a file, also those for one platform alone: ``#?(:clj (defn f []))``."""
        pending = [(0, len(self.tokens))]
        while pending:
            index, last = pending.pop()
            while index < last:
                end = self._behind_form(index, last)
                inside = self._define(index, end)
                if inside is not None:
                    # first what lies in it, so that items come in the order of the file
                    pending.append((end, last))
                    pending.append(inside)
                    break
                index = end

    def _behind_form(self, first: int, last: int) -> int:
        """The index behind a form, with what may stand before it."""
        index = first
        while index < last:
            text = self.text_at(index)
            # a quote, or a tag as in #inst "2026", belongs to the form behind it
            if text in _BEFORE_A_FORM or (text.startswith(b"#") and not text.startswith(b'#"')):
                index += 1
            elif text == b"^":
                index = self._behind_form(index + 1, last)
            elif text in _OPENING:
                return behind_bracket(self.tokens, index, last)
            else:
                return index + 1
        return last

    def _define(self, first: int, end: int) -> tuple[int, int] | None:
        """Keep what a form defines. Returns where more forms lie in it, if they are read as those around it."""
        if self.text_at(first) in (b"#?", b"#?@"):
            return first + 2, end - 1
        if self.text_at(first) != b"(":
            return None
        word = self.text_at(first + 1)
        # what is in a do at the top is as much at the top
        if word == b"do":
            return first + 2, end - 1
        if word in _IMPORTS:
            self.add(
                first,
                end,
                end,
                (),
                IMPORTS,
            )
            return None
        kind = _KINDS.get(word) or self._own_kind(word)
        name = self._behind_marks(first + 2, end)
        if not kind or name >= end - 1 or self.text_at(name) in _OPENING:
            return None
        title = self.text_at(name)
        if word == b"defmethod":
            # each is for one value that is dispatched on
            title += b" " + b"".join(
                token.text for token in self.tokens[name + 1 : self._behind_form(name + 1, end)]
            )
        self._add(
            first,
            name + 1,
            end,
            title,
            kind,
        )
        if kind in _HOLDING_METHODS:
            for method, behind in self._methods(name + 1, end - 1):
                self._add(
                    method,
                    method + 2,
                    behind,
                    self.text_at(method + 1),
                    "method",
                )
        return None

    def _own_kind(self, word: bytes) -> str:
        """``s/def`` and other macros that are called as those of the language define something, too."""
        bare = word.rpartition(b"/")[2]
        return "variable" if bare.startswith(b"def") and bare != b"default" else ""

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
