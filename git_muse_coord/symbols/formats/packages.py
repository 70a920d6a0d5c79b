"""Lists of packages: requirements of pip, and go.mod."""

from __future__ import annotations

import re

from git_muse_coord.symbols.formats.outline import (
    Outlined,
    Scan,
    add_words,
    logical_lines,
    outlined,
)
from git_muse_coord.symbols.languages.table import clean_name
from git_muse_coord.symbols.walked import Walked

_REQUIREMENT = re.compile(
    rb"\s*(?:-e\s+)?(?P<name>[A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\]\s*)?(?:[=<>!~;@]|\s#|\Z|--)"
)
_DIRECTIVE = re.compile(rb"\s*(?P<word>[a-z]+)\s+(?P<rest>[^\s(][^\n]*|\()")
_HASH = re.compile(rb"(?:^|\s)(?P<comment>#.*)", re.DOTALL)
_SLASHES = re.compile(rb"(?:^|\s)(?P<comment>//.*)", re.DOTALL)


def read_requirements(data: bytes) -> Walked:
    """The packages by their names; options stay text of the file."""
    found = Scan([], [])
    items: list[Outlined] = []
    for start, end in logical_lines(data):
        end = _without_comment(
            found,
            data,
            start,
            end,
            _HASH,
        )
        add_words(found, data, start, end)
        match = _REQUIREMENT.match(data[start:end])
        if match is not None:
            name = clean_name(match["name"])
            items.append(
                Outlined(
                    start,
                    end,
                    start + match.end("name"),
                    (name,),
                    "requirement",
                )
            )
    return outlined(found, items)


def read_go_mod(data: bytes) -> Walked:
    """The directives of a go.mod, and below ``require`` and its like the modules by their paths."""
    found = Scan([], [])
    items: list[Outlined] = []
    block = -1
    for start, end in logical_lines(data, b"/"):
        end = _without_comment(
            found,
            data,
            start,
            end,
            _SLASHES,
        )
        add_words(found, data, start, end)
        line = data[start:end]
        if block >= 0:
            # in a block each line is what behind the word alone would be the rest
            if line.strip() == b")":
                items[block] = items[block]._replace(end=end)
                block = -1
            elif line.strip():
                items.append(_module(start, end, line, ()))
            continue
        match = _DIRECTIVE.match(line)
        if match is None:
            continue
        word = clean_name(match["word"])
        if match["rest"].strip() == b"(":
            block = len(items)
            items.append(
                Outlined(
                    start,
                    len(data),
                    end,
                    (word,),
                    "directive",
                )
            )
        elif word in ("module", "go", "toolchain"):
            items.append(
                Outlined(
                    start,
                    end,
                    start + match.end("word"),
                    (word,),
                    "directive",
                )
            )
        else:
            items.append(_module(start + match.start("rest"), end, match["rest"], (word,)))
    return outlined(found, items)


def _module(
    start: int,
    end: int,
    text: bytes,
    around: tuple[str, ...],
) -> Outlined:
    path = text.split()[0]
    name_end = start + text.index(path) + len(path)
    return Outlined(
        start,
        end,
        name_end,
        (*around, clean_name(path)),
        "module path",
    )


def _without_comment(
    found: Scan,
    data: bytes,
    start: int,
    end: int,
    sign: re.Pattern[bytes],
) -> int:
    """Where a line ends without the comment behind it, which is kept."""
    match = sign.search(data[start:end])
    if match is None:
        return end
    comment = start + match.start("comment")
    found.comments.append((comment, end))
    return comment
