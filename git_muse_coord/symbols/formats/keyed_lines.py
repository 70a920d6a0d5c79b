"""Files of lines with a key each: INI with its sections, Java's properties, environments."""

from __future__ import annotations

import re

from git_muse_coord.symbols.formats.outline import (
    Outlined,
    Scan,
    Token,
    logical_lines,
    outlined,
)
from git_muse_coord.symbols.languages.table import clean_name
from git_muse_coord.symbols.walked import Walked

_SECTION = re.compile(rb"\s*\[(?P<name>[^\]\n]+)\]\s*(?:[#;].*)?\Z")
_INI = re.compile(
    rb"[^\S\n]*(?P<name>[\w.-]+(?=\s*\Z)|[^\s=:\[#;](?:[^=:\n]*[^\s=:])?(?=[^\S\n]*[=:]))[^\S\n]*[=:]?"
)
_PROPERTY = re.compile(rb"\s*(?P<name>(?:[^\s=:\\]|\\.)+)[^\S\n]*[=:]?")
_VARIABLE = re.compile(rb"\s*(?:export\s+)?(?P<name>[\w.-]+)\s*(?:=|\Z)")
_JOIN = re.compile(rb"\\\n[ \t\f]*")
_QUOTES = (b'"', b"'")


def read_ini(data: bytes) -> Walked:
    """Sections, and the keys in them. A line that is indented deeper goes on with the value above it."""
    return _Reader(data, _INI, has_sections=True).read(b"#;")


def read_properties(data: bytes) -> Walked:
    """The keys of a file of Java's properties."""
    return _Reader(data, _PROPERTY, joins_lines=True).read(b"#!")


def read_environment(data: bytes) -> Walked:
    """The variables of an environment. A value in quotes may have several lines."""
    return _Reader(data, _VARIABLE, has_quotes=True).read(b"#")


class _Reader:
    def __init__(
        self,
        data: bytes,
        key: re.Pattern[bytes],
        *,
        has_sections: bool = False,
        has_quotes: bool = False,
        joins_lines: bool = False,
    ) -> None:
        self.data = data
        self.key = key
        self.has_sections = has_sections
        self.has_quotes = has_quotes
        self.joins_lines = joins_lines
        self.found = Scan([], [])
        self.items: list[Outlined] = []
        self.section: Outlined | None = None
        """The section that is open; it ends where the next one begins."""
        self.margin = -1
        """How far the key is indented whose value may go on; negative where there is none."""

    def read(self, comment_signs: bytes) -> Walked:
        past = 0
        for start, end in logical_lines(self.data, comment_signs):
            # it belongs to a value that was read already
            if start < past:
                continue
            text = self.data[start:end].strip()
            if text and text[0] in comment_signs:
                self.found.comments.append((start, end))
            elif text:
                past = self._read_line(start, end)
        self._end_section(len(self.data))
        # a section is noted when it ends, behind the keys in it
        self.items.sort(key=lambda item: item.start)
        return outlined(self.found, self.items)

    def _read_line(self, start: int, end: int) -> int:
        """Take one line, and return where what belongs to it ends."""
        line = self.data[start:end]
        indentation = len(line) - len(line.lstrip())
        if self.has_sections:
            head = _SECTION.match(line)
            if head is not None:
                self._begin_section(start, end, clean_name(head["name"]))
                return end
            # a line that is as far in as the key is another key, as in git's own files
            if 0 <= self.margin < indentation:
                self._keep(start, end)
                self.items[-1] = self.items[-1]._replace(end=end)
                return end
        match = self.key.match(line)
        name = clean_name(match["name"]) if match is not None else ""
        if match is None or not name:
            self._keep(start, end)
            self.margin = -1
            return end
        value = start + match.end()
        end = self._end_of_value(value, end)
        self._keep(start, value)
        # as one token, because blanks in it can count
        self._keep(value, end)
        key = Outlined(
            start,
            end,
            value,
            (name,),
            "key",
        )
        self.items.append(key)
        self.margin = indentation
        return end

    def _end_of_value(self, start: int, end: int) -> int:
        if not self.has_quotes:
            return end
        value = self.data[start:end].strip()
        quote = value[:1]
        is_open = quote in _QUOTES and value.count(quote) == 1
        if not is_open:
            return end
        # a quote that nobody closes is part of the value, not the rest of the file
        closing = self.data.find(quote, end)
        if closing < 0:
            return end
        line_end = self.data.find(b"\n", closing)
        return len(self.data) if line_end < 0 else line_end

    def _begin_section(
        self,
        start: int,
        end: int,
        name: str,
    ) -> None:
        self._end_section(start)
        self.section = Outlined(
            start,
            end,
            end,
            (name,),
            "section",
        )
        self._keep(start, end)
        self.margin = -1

    def _end_section(self, end: int) -> None:
        if self.section is not None:
            self.items.append(self.section._replace(end=end))
        self.section = None

    def _keep(self, start: int, end: int) -> None:
        text = self.data[start:end].strip()
        text = text.replace(b"\r\n", b"\n")
        if self.joins_lines:
            # the blanks before what goes on are no part of the value
            text = _JOIN.sub(b"\\\n", text)
        if text:
            self.found.tokens.append(Token(start, end, text))
