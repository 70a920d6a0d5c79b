"""The law that no edit goes unseen, and random edits to try it with.

If two texts of a file differ in more than what docs/reference/symbols.md lists as formatting, something else than
``formatting`` is listed, at or around the lines that differ.
"""

from __future__ import annotations

import json
import random
import re
from importlib import import_module
from pathlib import Path

from git_muse_coord.symbols import grammar
from git_muse_coord.symbols.change import Change, ChangeKind
from git_muse_coord.symbols.changes import changes
from git_muse_coord.symbols.extract import extract
from git_muse_coord.symbols.languages import DOCUMENTS, detect, facts_of, language_of
from git_muse_coord.symbols.values import FileSymbols, Symbol

_WORDS = re.compile(rb"\w+|[^\w\s]")
_PIECES = (
    b"x", b"7", b"zz", b" new ", b"!", b"-", b"+", b"=", b"<", b">", b".", b":", b"|", b"&", b"@", b"$", b"%", b"\\",
    b"(", b")", b"[", b"]", b"{", b"}", b'"', b"'", b"`", b"/", b"#", b"*", b"if ", b"return ", b"class ", b"\xc3\xa9",
)  # fmt: skip
_NEAR = 3
"""So many lines from where the texts differ a change may lie: the end of a comment that is gone takes what follows."""


def edit(data: bytes, source: random.Random) -> bytes:
    """The text after one to three small edits: words replaced, put in or taken out, lines taken out or doubled."""
    for _ in range(source.choice((1, 1, 1, 2, 3))):
        words = list(_WORDS.finditer(data))
        if not words:
            return data
        word = source.choice(words)
        start, end = word.span()
        line_start, line_end = (
            data.rfind(b"\n", 0, start) + 1,
            (data.find(b"\n", end) + 1) or len(data),
        )
        piece = source.choice(_PIECES)
        way = source.randrange(6)
        if way == 0:
            data = data[:start] + piece + data[end:]
        elif way == 1:
            data = data[:start] + piece + data[start:]
        elif way == 2:
            data = data[:end] + piece + data[end:]
        elif way == 3:
            data = data[:start] + data[end:]
        elif way == 4:
            data = data[:line_start] + data[line_end:]
        else:
            data = (
                data[:line_end]
                + data[line_start:line_end].replace(word.group(), piece)
                + data[line_end:]
            )
    return data


def violation(path: str, before: bytes, after: bytes) -> str:
    """How two texts break the law; empty where they do not."""
    old, new = extract(path, before), extract(path, after)
    if old.language == "notebook" and not (_is_json(before) and _is_json(after)):
        return ""  # where a text is not closed, nobody can say what is a comment in it
    if _bare(path, before) == _bare(path, after):
        return ""
    found = changes(
        {path: old},
        {path: new},
        read_before=lambda paths: [before] * len(paths),
        read_after=lambda paths: [after] * len(paths),
    )
    real = [change for change in found if change.change is not ChangeKind.FORMATTING]
    if not real:
        return f"nothing but {[(str(change.address), str(change.change)) for change in found]}"
    if not any(_is_near(change, old, new, *_differing(before, after)) for change in real):
        return f"nowhere near: {[(str(change.address), str(change.change)) for change in real]}"
    return ""


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


def _bare(path: str, data: bytes) -> bytes:
    """The text without what is formatting, roughly: too much is taken away rather than too little."""
    language = detect(path, data)
    reader = facts_of(language).reader
    if reader:
        data = _without_comments_of(reader, data)
    else:
        data = _without_comments(language, data)
    rules = None if reader else language_of(language)
    if language == "notebook":  # a line of code is a text, and may have held nothing but a comment
        data = re.sub(rb'"(?:\\n)?"', b"", data)
    away = rb"\\\r?\n|[\s,;]"
    if language in DOCUMENTS - {"rst", "markdown"}:
        away += rb"|[{}\[\]-]"
    if rules is not None and rules.loose:
        away += rb"|[()]"
    data = re.sub(away, b"", data)
    return data.replace(b"'", b'"') if rules is not None and rules.quotes_alike else data


def _without_comments_of(reader: str, data: bytes) -> bytes:
    module, function = reader.split(":")
    walked = getattr(import_module(f"git_muse_coord.symbols.{module}"), function)(data)
    for comment in reversed(walked.comments):
        data = data[: comment.start] + data[comment.end :]
    return data


def _without_comments(language: str, data: bytes) -> bytes:
    tree = grammar.parse_source(grammar.load(language), data)
    if tree is None:
        return data
    kinds = language_of(language).comments
    kept, end = b"", 0
    cursor = tree.walk()
    while True:
        node = cursor.node
        assert node is not None
        if node.type in kinds:
            kept += data[end : node.start_byte]
            end = node.end_byte
        elif cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return kept + data[end:]


def _differing(before: bytes, after: bytes) -> tuple[range, range]:
    """The lines that differ, from 1, in each of the texts."""
    old, new = before.splitlines(), after.splitlines()
    least = min(len(old), len(new))
    first = next((at for at in range(least) if old[at] != new[at]), least)
    last = next((at for at in range(least - first) if old[-1 - at] != new[-1 - at]), least - first)
    return range(first + 1, len(old) - last + 1), range(first + 1, len(new) - last + 1)


def _is_near(
    change: Change, old: FileSymbols, new: FileSymbols, old_lines: range, new_lines: range
) -> bool:
    places = [
        (old, change.from_address or change.address, old_lines),
        (new, change.address, new_lines),
    ]
    return any(
        symbol.address == address and _meets(symbol, lines)
        for file, address, lines in places
        for symbol in file.symbols
    )


def _meets(symbol: Symbol, lines: range) -> bool:
    return symbol.start_line <= lines.stop + _NEAR and symbol.end_line >= lines.start - _NEAR


def real_files(folder: Path) -> list[Path]:
    """The files of a folder that are read inside, and small enough to be tried often."""
    return [
        path
        for path in sorted(folder.rglob("*.*"))
        if path.is_file()
        and path.stat().st_size < 30_000
        and not extract(path.name, path.read_bytes()).whole
    ]
