"""How texts are replaced in files: by Claude Code and those like it, and more loosely by Gemini CLI."""

from __future__ import annotations

import json
from typing import Any

import pytest

from git_muse_coord.integrations.agents.loose_replacement import loosely_replaced
from git_muse_coord.integrations.agents.notebook import with_cell
from git_muse_coord.integrations.agents.reading import read_event
from git_muse_coord.integrations.agents.replacement import TextReplacement, replaced

EVERYWHERE = True


@pytest.mark.parametrize(
    ("text", "replacement", "after"),
    [
        ("a\nb\n", ("a", "c"), "c\nb\n"),
        ("a\r\nb\r\n", ("a\nb", "c\nd"), "c\r\nd\r\n"),
        ("a\r\nb\r\nc\n", ("a", "d"), "d\r\nb\r\nc\r\n"),
        ("\ufeffa\n", ("a", "b"), "\ufeffb\n"),
        ("a a", ("a", "b", EVERYWHERE), "b b"),
        ("a\nb\n", ("a", ""), "b\n"),
        ("a\nb", ("b", ""), "a\n"),
        ("\u201ca\u201d isn\u2019t", ('"a" isn\'t', "b"), "b"),
        ("a a", ("a", "b"), None),
        ("a", ("b", "c"), None),
        ("a", ("a", "a"), None),
        ("a", ("", "b"), None),
        ("\\1 $1", ("\\1 $1", "$& \\g<0>"), "$& \\g<0>"),
    ],
)
def test_a_text_makes_way_for_another(
    text: str,
    replacement: tuple[Any, ...],
    after: str | None,
) -> None:
    assert replaced(text, TextReplacement(*replacement)) == after


@pytest.mark.parametrize(
    ("text", "replacement", "after"),
    [
        ("    a\n    b\n", ("a\n  b", "c\n  d"), "    c\n      d\n"),
        ("    a\n    b\n", ("  a\nb", "  c\nd"), "    c\n    d\n"),
        ("  a\n", ("    a", "    c\n\n    d"), "  c\n\n  d\n"),
        ("a\r\nb\n", ("a", "c"), "c\r\nb\r\n"),
        ("  a\n  a\n", ("   a", "b"), None),
        ("  a\n  a\n", ("   a", "b", EVERYWHERE), "  b\n  b\n"),
        ("a b\n", ("a c", "d"), None),
        ("a", ("a", "b\n"), "b"),
        ("a\n", ("a\n", "b"), "b\n"),
    ],
)
def test_gemini_finds_lines_without_their_indentation(
    text: str,
    replacement: tuple[Any, ...],
    after: str | None,
) -> None:
    assert loosely_replaced(text, TextReplacement(*replacement)) == after


CELLS = [
    {"cell_type": "code", "id": "a", "metadata": {}, "source": "1", "outputs": [1]},
    {"cell_type": "markdown", "metadata": {}, "source": ["2"]},
]


def sources(**arguments: str) -> list[Any] | None:
    notebook = with_cell(json.dumps({"cells": CELLS}), arguments)
    if notebook is None:
        return None
    return [cell["source"] for cell in json.loads(notebook)["cells"]]


def test_cells_of_a_notebook() -> None:
    assert sources(cell_id="a", new_source="x") == ["x", ["2"]]
    assert sources(cell_id="cell-1", new_source="x") == ["1", "x"]
    assert sources(cell_id="a", new_source="x", edit_mode="insert") == ["1", "x", ["2"]]
    assert sources(new_source="x", edit_mode="insert") == ["x", "1", ["2"]]
    assert sources(cell_id="a", edit_mode="delete") == [["2"]]
    assert sources(cell_id="cell-2", new_source="x") is None
    assert sources(cell_id="cell-x", new_source="x") is None
    assert sources(new_source="x") is None
    for odd in ("", "[]", "{}", '{"cells": 1}', '{"cells": [1]}', "[" * 100_000):
        assert with_cell(odd, {"cell_id": "cell-0", "new_source": "x"}) is None


@pytest.mark.parametrize(
    "content",
    [None, b"a\0b", b"x" * (5 << 20) + b"a"],
    ids=["no file", "binary", "huge"],
)
def test_what_cannot_be_computed_is_passed_over(content: bytes | None) -> None:
    said = {
        "session_id": "s",
        "cwd": "/r",
        "hook_event_name": "PreToolUse",
        "tool_name": "Edit",
        "tool_input": {"file_path": "/r/a", "old_string": "a", "new_string": "b"},
    }
    event = read_event("claude", json.dumps(said).encode(), lambda _: content)
    assert event is not None
    assert event.edits == ()


def test_bytes_that_are_no_text_stay_as_they_are() -> None:
    said = {
        "session_id": "s",
        "cwd": "/r",
        "hook_event_name": "PreToolUse",
        "tool_name": "Edit",
        "tool_input": {"file_path": "a", "old_string": "a", "new_string": "b"},
    }
    event = read_event("claude", json.dumps(said).encode(), {"/r/a": b"\xff a \xe9\n"}.get)
    assert event is not None
    assert event.edits[0].after == b"\xff b \xe9\n"
