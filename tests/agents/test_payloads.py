"""Payloads of the real programs, read one by one, and then twisted: whatever comes, nothing breaks."""

from __future__ import annotations

import json
import os.path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from git_muse_coord.integrations.agents.reading import answer_text, read_event
from git_muse_coord.integrations.agents.recognition import OWN_WORDS
from git_muse_coord.model.agents import AgentAnswer, Decision, Edit, Moment
from tests.agents.payloads import PAYLOADS

TEXT = b"def f(x):\n    return x\n\n\ndef g(x):\n    return x\n"
TEXT_G = TEXT.replace(b"g(x):\n    return x", b"g(x):\n    return 2")
TEXT_F = TEXT.replace(b"f(x):\n    return x", b"f(x):\n    return 3")
TEXT_FG = TEXT_F.replace(b"g(x):\n    return x", b"g(x):\n    return 4")
TEXT_H = b"def h():\n    pass\n"
NOTEBOOK = b'{"cells": [{"cell_type": "code", "id": "c1", "source": "x=1"}]}'

SESSION = "5e551011-0000-4000-8000-00005e551011"
AGENT = "a0000000000000001"

A = "/w/repo/src/a.py"
B = "/w/repo/src/b.py"
MADE_H = Edit(B, None, TEXT_H)
G_EDIT = Edit(A, TEXT, TEXT_G)

BEFORE = {A: TEXT}
AFTER = {A: TEXT_G, B: TEXT_H}

EDITS: dict[str, tuple[dict[str, bytes], tuple[Edit, ...]]] = {
    "claude/PreToolUse-Edit": (BEFORE, (G_EDIT,)),
    "claude/PostToolUse-Edit": (AFTER, (G_EDIT,)),
    "claude/PreToolUse-Edit-agent": (BEFORE, (Edit(A, TEXT, TEXT_F),)),
    "claude/PreToolUse-Write": (BEFORE, (MADE_H,)),
    "claude/PostToolUse-Write": (AFTER, (MADE_H,)),
    "codex/PreToolUse-apply_patch": (BEFORE, (G_EDIT, MADE_H)),
    "codex/PostToolUse-apply_patch": (AFTER, (MADE_H, G_EDIT)),
    "gemini/BeforeTool-replace": (BEFORE, (G_EDIT,)),
    "gemini/AfterTool-replace": (AFTER, (G_EDIT,)),
    "gemini/BeforeTool-write_file": (BEFORE, (MADE_H,)),
    "gemini/AfterTool-write_file": (AFTER, (MADE_H,)),
    "copilot/preToolUse-edit": (BEFORE, (G_EDIT,)),
    "copilot/postToolUse-edit": (AFTER, (G_EDIT,)),
    "copilot/preToolUse-create": (BEFORE, (MADE_H,)),
    "copilot/PreToolUse-Edit": (BEFORE, (G_EDIT,)),
    "cursor/preToolUse-StrReplace": (BEFORE, (G_EDIT,)),
    "cursor/preToolUse-Write": (BEFORE, (MADE_H,)),
    "cursor/preToolUse-ApplyPatch": (BEFORE, (G_EDIT,)),
    "cursor/preToolUse-Delete": (BEFORE, (Edit(A, TEXT, None),)),
    "cursor/afterFileEdit": (AFTER, (G_EDIT,)),
}

MOMENTS = {
    "claude/SessionStart": Moment.SESSION_START,
    "claude/SubagentStart-agent": Moment.AGENT_START,
    "claude/PreToolUse-Bash": Moment.BEFORE_SHELL,
    "claude/PostToolUse-Bash": Moment.AFTER_SHELL,
    "claude/PostToolUseFailure-Bash": Moment.AFTER_SHELL,
    "claude/SubagentStop-agent": Moment.AGENT_END,
    "claude/SessionEnd": Moment.SESSION_END,
    "claude/PreToolUse-Read": None,
    "claude/PreToolUse-Agent": None,
    "codex/SessionStart": Moment.SESSION_START,
    "codex/PreToolUse-Bash": Moment.BEFORE_SHELL,
    "codex/PostToolUse-Bash": Moment.AFTER_SHELL,
    "codex/SessionEnd": Moment.SESSION_END,
    "gemini/SessionStart": Moment.SESSION_START,
    "gemini/BeforeTool-run_shell_command": Moment.BEFORE_SHELL,
    "gemini/AfterTool-run_shell_command": Moment.AFTER_SHELL,
    "gemini/SessionEnd": Moment.SESSION_END,
    "copilot/sessionStart": Moment.SESSION_START,
    "copilot/preToolUse-bash": Moment.BEFORE_SHELL,
    "copilot/sessionEnd": Moment.SESSION_END,
    "cursor/sessionStart": Moment.SESSION_START,
    "cursor/beforeShellExecution": Moment.BEFORE_SHELL,
    "cursor/afterShellExecution": Moment.AFTER_SHELL,
    "cursor/sessionEnd": Moment.SESSION_END,
}


@pytest.mark.parametrize("name", EDITS)
def test_what_an_edit_touches(name: str) -> None:
    files, edits = EDITS[name]
    program = name.split("/")[0]
    event = read_event(program, PAYLOADS[name], files.get)
    assert event is not None
    assert (event.program, event.session, event.cwd) == (program, SESSION, "/w/repo")
    assert event.agent == (AGENT if name.endswith("agent") else None)
    assert event.edits == edits
    is_over = name.split("/")[1].lower().startswith(("post", "after"))
    assert event.moment is (Moment.AFTER_EDIT if is_over else Moment.BEFORE_EDIT)


@pytest.mark.parametrize("name", MOMENTS)
def test_what_else_happens(name: str) -> None:
    program = name.split("/")[0]
    event = read_event(program, PAYLOADS[name], BEFORE.get)
    assert (event.moment if event else None) is MOMENTS[name]
    if event is not None:
        assert (event.program, event.session, event.cwd) == (program, SESSION, "/w/repo")
        assert event.edits == ()


def test_a_cell_of_a_notebook() -> None:
    path = "/w/repo/src/n.ipynb"
    event = read_event("claude", PAYLOADS["claude/PreToolUse-NotebookEdit"], {path: NOTEBOOK}.get)
    assert event is not None
    (edit,) = event.edits
    assert edit.after is not None
    assert json.loads(edit.after)["cells"][0]["source"] == "y = 2"
    done = read_event("claude", PAYLOADS["claude/PostToolUse-NotebookEdit"], {path: edit.after}.get)
    assert done is not None
    assert json.loads(done.edits[0].before or b"")["cells"][0]["source"] == "x=1"


def test_an_edit_that_failed_has_edited_nothing() -> None:
    failed = PAYLOADS["claude/PostToolUse-Edit"].replace(b"PostToolUse", b"PostToolUseFailure")
    event = read_event("claude", failed, AFTER.get)
    assert event is not None
    assert (event.moment, event.edits) == (Moment.AFTER_EDIT, ())


def test_why_a_session_starts_and_ends() -> None:
    start = read_event("claude", PAYLOADS["claude/SessionStart"], BEFORE.get)
    end = read_event("gemini", PAYLOADS["gemini/SessionEnd"], BEFORE.get)
    assert start is not None
    assert end is not None
    assert (start.source, end.source) == ("startup", "exit")


PLACES = st.lists(st.integers(0, 8), max_size=4)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["", "\0", "\ud800", "/", "..", "x" * 5000, "replace", "insert", "cell-0", "cell-9"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
CONTENTS = (
    st.none() | st.binary(max_size=40) | st.sampled_from([TEXT, TEXT_FG, NOTEBOOK, b"\xff\n"])
)


def twisted(value: Any, places: list[int], other: Any) -> Any:
    """A JSON value with another one at some place in it."""
    if not places or not isinstance(value, dict | list) or not value:
        return other
    place = places[0] % len(value)
    if isinstance(value, list):
        return [*value[:place], twisted(value[place], places[1:], other), *value[place + 1 :]]
    key = list(value)[place]
    return {**value, key: twisted(value[key], places[1:], other)}


@given(
    argument=st.sampled_from([*OWN_WORDS, "agent", "opencode", "nobody", ""]),
    name=st.sampled_from(sorted(PAYLOADS)),
    twists=st.lists(st.tuples(PLACES, VALUES), min_size=1, max_size=3),
    content=CONTENTS,
    decision=st.sampled_from([*Decision]),
)
def test_twisted_payloads_break_nothing(
    argument: str,
    name: str,
    twists: list[tuple[list[int], Any]],
    content: bytes | None,
    decision: Decision,
) -> None:
    said = json.loads(PAYLOADS[name])
    for places, other in twists:
        said = twisted(said, places, other)
    asked = []

    def read(path: str) -> bytes | None:
        asked.append(path)
        return content

    event = read_event(argument, json.dumps(said).encode(), read)
    for path in asked:
        assert os.path.isabs(path)
        assert b"\0" not in os.fsencode(path)
    if event is None:
        return
    assert b"\0" not in os.fsencode(event.cwd)
    for words in (event.session, event.agent, event.tool_use):
        assert words is None or (words.isprintable() and 0 < len(words) <= 200)
    assert all(edit.before != edit.after for edit in event.edits)
    text = answer_text(event, event.program, AgentAnswer("who", decision))
    assert text == "" or isinstance(json.loads(text), dict)


@given(
    name=st.sampled_from(sorted(PAYLOADS)),
    start=st.integers(0, 2000),
    length=st.integers(0, 50),
    junk=st.binary(max_size=20),
)
def test_torn_payloads_break_nothing(
    name: str,
    start: int,
    length: int,
    junk: bytes,
) -> None:
    whole = PAYLOADS[name]
    torn = whole[:start] + junk + whole[start + length :]
    read_event(name.split("/")[0], torn, BEFORE.get)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"{",
        b"{}",
        b"[" * 100_000,
        b'{"session_id": ' + b"9" * 10_000 + b"}",
        b'{"hook_event_name": "SessionStart"}',
        b'{"hook_event_name": "SessionStart", "session_id": "a b"}',
        b'{"hook_event_name": "SessionStart", "session_id": "a\\u202eb"}',
        b'{"hook_event_name": "Unheard", "session_id": "s"}',
        b'{"hook_event_name": ["SessionStart"], "session_id": "s"}',
        b'{"hook_event_name": "PreToolUse", "tool_name": "Unheard", "session_id": "s"}',
        b'{"event": "unheard", "session": "s"}',
        b'{"hook_event_name": "SessionStart", "session_id": "s", "x": "'
        + b"x" * (17 << 20)
        + b'"}',
    ],
    ids=lambda payload: payload[:40].decode(),
)
@pytest.mark.parametrize("argument", ["claude", "agent", "nobody"])
def test_what_is_not_for_us_is_passed_over(argument: str, payload: bytes) -> None:
    assert read_event(argument, payload, BEFORE.get) is None
