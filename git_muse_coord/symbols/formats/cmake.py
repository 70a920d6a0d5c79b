"""CMake: functions and macros, targets with all that is said of them, variables and options."""

from __future__ import annotations

import re

from git_muse_coord.symbols.formats.outline import (
    IMPORTS,
    Outlined,
    Token,
    behind_bracket,
    outlined,
    scan,
)
from git_muse_coord.symbols.languages.table import clean_name, unquote
from git_muse_coord.symbols.walked import Walked

_TOKEN = re.compile(
    rb"(?P<comment>#\[(?P<level>=*)\[.*?(?:\](?P=level)\]|\Z)|#[^\n]*)"
    rb"|\[(?P<equals>=*)\[.*?(?:\](?P=equals)\]|\Z)"
    rb"|\"(?:[^\"\\]|\\.)*\"?|(?:[^\s()#\"\\]|\\.)+|\S",
    re.DOTALL,
)
_BLOCKS = {"function": "endfunction", "macro": "endmacro"}
_NAMED = {
    "set": "variable",
    "option": "option",
    "project": "project",
    "add_library": "target",
    "add_executable": "target",
    "add_custom_target": "target",
    "add_test": "test",
}
_IMPORTING = frozenset({"include", "find_package"})
_OF_TARGET = "target_"
"""The beginning of commands that say something of a target."""


def read_cmake(data: bytes) -> Walked:
    """The commands of a ``CMakeLists.txt`` that name something."""
    found = scan(data, _TOKEN)
    reader = _Reader(found.tokens, len(data))
    reader.run()
    return outlined(found, reader.items)


class _Reader:
    def __init__(self, tokens: list[Token], size: int) -> None:
        self.tokens = tokens
        self.size = size
        """The bytes of the file: where a block ends that nobody closes."""
        self.items: list[Outlined] = []
        self.open_blocks: list[tuple[int, str]] = []
        """The index of each item that is open, and the command that ends it."""

    def run(self) -> None:
        """Read the commands, each a word with brackets behind it; all else is nobody's."""
        tokens = self.tokens
        index = 0
        while index + 1 < len(tokens):
            if tokens[index + 1].text != b"(":
                index += 1
                continue
            end = behind_bracket(tokens, index + 1, len(tokens))
            self._read_command(index, end)
            index = end

    def _read_command(self, first: int, end: int) -> None:
        tokens = self.tokens
        command = tokens[first].text.lower().decode("utf-8", "replace")
        name = ""
        if first + 3 < end:
            name = unquote(clean_name(tokens[first + 2].text))
        stop = tokens[end - 1].end
        # names behind the command that ends a block are optional, and mostly left out
        if self.open_blocks and command == self.open_blocks[-1][1]:
            opened, _ = self.open_blocks.pop()
            self.items[opened] = self.items[opened]._replace(end=stop)
            return
        if command in _BLOCKS and name:
            self.open_blocks.append((len(self.items), _BLOCKS[command]))
            self._add(
                first,
                end,
                name,
                command,
                self.size,
            )
            return
        # what a function sets is local to it
        if self.open_blocks:
            return
        kind = _kind(command)
        if kind == IMPORTS or (kind and name):
            self._add(
                first,
                end,
                name,
                kind,
                stop,
            )

    def _add(
        self,
        first: int,
        end: int,
        name: str,
        kind: str,
        stop: int,
    ) -> None:
        # of a block the arguments are the head, else only the name is
        last_of_head = end - 1 if kind in _BLOCKS else min(first + 2, end - 1)
        names = () if kind == IMPORTS else (name,)
        item = Outlined(
            self.tokens[first].start,
            stop,
            self.tokens[last_of_head].end,
            names,
            kind,
        )
        self.items.append(item)


def _kind(command: str) -> str:
    if command in _IMPORTING:
        return IMPORTS
    if command.startswith(_OF_TARGET):
        return "target"
    return _NAMED.get(command, "")
