"""Dockerfiles: the stages, each from its FROM to the next one, and the arguments before them all."""

from __future__ import annotations

import re

from git_muse_coord.symbols.formats.outline import (
    Outlined,
    Scan,
    add_lines,
    add_words,
    logical_lines,
    outlined,
)
from git_muse_coord.symbols.languages.table import clean_name
from git_muse_coord.symbols.walked import Walked

_FROM = re.compile(
    rb"\s*FROM\s+(?:--\S+\s+)*(?P<image>\S+)(?:\s+AS\s+(?P<name>\S+))?\s*\Z", re.IGNORECASE
)
_ARG = re.compile(rb"\s*ARG\s+(?P<name>\w+)", re.IGNORECASE)
_HEREDOC = re.compile(rb"<<-?[\"']?(\w+)[\"']?")
_DIRECTIVE = re.compile(rb"\s*#\s*(?:syntax|escape|check)\s*=", re.IGNORECASE)


def read_dockerfile(data: bytes) -> Walked:
    """The stages of a Dockerfile."""
    found = Scan([], [])
    items: list[Outlined] = []
    past = 0
    for start, end in logical_lines(data):
        # it lies in a here-document that was read already
        if start < past:
            continue
        line = data[start:end]
        if line.lstrip().startswith(b"#"):
            if _is_read_by_program(found, line):
                add_words(found, data, start, end)
            else:
                found.comments.append((start, end))
            continue
        past = _end_of_heredocs(data, line, end)
        add_words(found, data, start, end)
        if past > end:
            # what a shell gets from there counts line by line, blanks and all
            add_lines(found, data, end + 1, past)
        stage = _FROM.match(line)
        argument = _ARG.match(line)
        if stage is not None:
            name = clean_name(stage["name"] or stage["image"])
            items = [
                *_ended(items, start),
                Outlined(
                    start,
                    len(data),
                    end,
                    (name,),
                    "stage",
                ),
            ]
        elif argument is not None and not _is_in_stage(items):
            name = clean_name(argument["name"])
            items.append(
                Outlined(
                    start,
                    end,
                    start + argument.end(),
                    (name,),
                    "argument",
                )
            )
    return outlined(found, items)


def _ended(items: list[Outlined], end: int) -> list[Outlined]:
    """The items so far, the stage that is open among them ended."""
    if not _is_in_stage(items):
        return items
    return [*items[:-1], items[-1]._replace(end=end)]


def _is_in_stage(items: list[Outlined]) -> bool:
    return bool(items) and items[-1].kind == "stage"


def _end_of_heredocs(
    data: bytes,
    line: bytes,
    end: int,
) -> int:
    """Where the here-documents end that a line opens; ``end`` where it opens none."""
    for word in _HEREDOC.findall(line):
        closing = re.compile(rb"^\t*" + re.escape(word) + rb"\r?$", re.MULTILINE)
        match = closing.search(data, min(end + 1, len(data)))
        if match is not None:
            end = match.end()
    return end


def _is_read_by_program(found: Scan, line: bytes) -> bool:
    """Whether a comment tells the builder how to read all the rest: only before everything else."""
    return not found.tokens and _DIRECTIVE.match(line) is not None
