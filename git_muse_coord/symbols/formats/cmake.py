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
    tokens = found.tokens
    items: list[Outlined] = []
    open_blocks: list[tuple[int, str]] = []
    index = 0
    while index + 1 < len(tokens):
        if tokens[index + 1].text != b"(":
            index += 1
            continue
        # a command is a word with brackets behind it; all else between commands is nobody's
        end = behind_bracket(tokens, index + 1, len(tokens))
        command = tokens[index].text.lower().decode("utf-8", "replace")
        name = unquote(clean_name(tokens[index + 2].text)) if index + 3 < end else ""
        if open_blocks and command == open_blocks[-1][1]:
            opened, _ = open_blocks.pop()
            items[opened] = items[opened]._replace(end=tokens[end - 1].end)
        elif command in _BLOCKS and name:
            open_blocks.append((len(items), _BLOCKS[command]))
            items.append(
                _item(
                    tokens,
                    index,
                    end,
                    name,
                    command,
                    len(data),
                )
            )
        # what a function sets is local to it
        elif not open_blocks:
            kind = _kind(command)
            if kind and (name or kind == IMPORTS):
                items.append(
                    _item(
                        tokens,
                        index,
                        end,
                        name,
                        kind,
                        tokens[end - 1].end,
                    )
                )
        index = end
    return outlined(found, items)


def _kind(command: str) -> str:
    if command in _IMPORTING:
        return IMPORTS
    if command.startswith(_OF_TARGET):
        return "target"
    return _NAMED.get(command, "")


def _item(
    tokens: list[Token],
    first: int,
    end: int,
    name: str,
    kind: str,
    stop: int,
) -> Outlined:
    # of a block the arguments are the head, else only the name is
    body = tokens[end - 1].end if kind in _BLOCKS else tokens[min(first + 2, end - 1)].end
    names = () if kind == IMPORTS else (name,)
    return Outlined(
        tokens[first].start,
        stop,
        body,
        names,
        kind,
    )
