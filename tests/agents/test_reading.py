"""What agents' programs tell their hooks, read as one form, and the answers in their words."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from git_muse_coord.integrations.agents.reading import answer_text, read_event
from git_muse_coord.model.agents import AgentAnswer, AgentEvent, Decision, Edit, Moment

TEXT = b"def f():\n    return 1\n\n\ndef g():\n    return 1\n"
AFTER = TEXT.replace(b"def g():\n    return 1", b"def g():\n    return 2")
PATCH = """\
*** Begin Patch
*** Update File: src/a.py
@@ def g():
-    return 1
+    return 2
*** End Patch
"""
REPLACE = {"old_string": "def g():\n    return 1", "new_string": "def g():\n    return 2"}


def read_from(files: dict[str, bytes]) -> Callable[[str], bytes | None]:
    return files.get


def event_of(argument: str, said: object, text: bytes | None = TEXT) -> AgentEvent | None:
    files = {} if text is None else {"/r/src/a.py": text}
    return read_event(argument, json.dumps(said).encode(), read_from(files))


def claude(event: str, **more: object) -> dict[str, object]:
    return {"session_id": "s1", "cwd": "/r", "hook_event_name": event, **more}


EDITS = {
    "claude": claude(
        "PreToolUse",
        tool_name="Edit",
        tool_use_id="t1",
        tool_input={"file_path": "/r/src/a.py", **REPLACE},
    ),
    "codex": claude(
        "PreToolUse",
        tool_name="apply_patch",
        tool_use_id="t1",
        turn_id="1",
        tool_input={"command": PATCH},
    ),
    "gemini": claude(
        "BeforeTool",
        tool_name="replace",
        tool_input={"file_path": "/r/src/a.py", **REPLACE, "instruction": "edit"},
    ),
    "copilot": {
        "sessionId": "s1",
        "cwd": "/r",
        "hookEventName": "preToolUse",
        "toolName": "edit",
        "toolArgs": json.dumps(
            {
                "path": "/r/src/a.py",
                "old_str": REPLACE["old_string"],
                "new_str": REPLACE["new_string"],
            }
        ),
    },
    "cursor": {
        "conversation_id": "s1",
        "workspace_roots": ["/r"],
        "hook_event_name": "preToolUse",
        "tool_name": "StrReplace",
        "tool_input": {"path": "/r/src/a.py", **REPLACE},
    },
    "agent": {
        "event": "before-edit",
        "session": "s1",
        "cwd": "/r",
        "path": "src/a.py",
        "after": AFTER.decode(),
    },
}


@pytest.mark.parametrize("program", EDITS)
def test_an_edit_is_computed_in_every_programs_words(program: str) -> None:
    event = event_of(program, EDITS[program])
    assert event is not None
    assert (event.program, event.moment, event.session) == (program, Moment.BEFORE_EDIT, "s1")
    assert event.edits == (Edit("/r/src/a.py", TEXT, AFTER),)


@pytest.mark.parametrize("program", [name for name in EDITS if name != "agent"])
def test_the_words_tell_the_program_and_not_the_command_line(program: str) -> None:
    argument = "claude" if program != "claude" else "agent"
    event = event_of(argument, EDITS[program])
    assert event is not None
    assert event.program == program


BEFORE = AgentEvent("claude", Moment.BEFORE_EDIT, "s", "/r", name="PreToolUse")
START = BEFORE._replace(moment=Moment.SESSION_START)


@pytest.mark.parametrize(
    ("program", "decision", "told"),
    [
        ("claude", Decision.INFORM, {"hookEventName": "PreToolUse", "additionalContext": "x"}),
        (
            "claude",
            Decision.ASK,
            {
                "hookEventName": "PreToolUse",
                "permissionDecision": "ask",
                "permissionDecisionReason": "x",
            },
        ),
        ("codex", Decision.ASK, {"hookEventName": "PreToolUse", "additionalContext": "x"}),
    ],
)
def test_answers_in_claudes_form(
    program: str,
    decision: Decision,
    told: dict[str, str],
) -> None:
    text = answer_text(BEFORE, program, AgentAnswer("x", decision))
    assert json.loads(text) == {"hookSpecificOutput": told}


@pytest.mark.parametrize(
    ("program", "decision", "told"),
    [
        ("gemini", Decision.INFORM, None),
        ("gemini", Decision.ASK, None),
        ("gemini", Decision.DENY, {"decision": "deny", "reason": "x"}),
        ("copilot", Decision.INFORM, None),
        (
            "copilot",
            Decision.ASK,
            {"permissionDecision": "ask", "permissionDecisionReason": "x"},
        ),
        (
            "copilot",
            Decision.DENY,
            {"permissionDecision": "deny", "permissionDecisionReason": "x"},
        ),
        ("cursor", Decision.INFORM, None),
        (
            "cursor",
            Decision.DENY,
            {"permission": "deny", "user_message": "x", "agent_message": "x"},
        ),
        ("agent", Decision.DENY, {"decision": "deny", "text": "x"}),
    ],
)
def test_answers_in_other_forms(
    program: str,
    decision: Decision,
    told: dict[str, str] | None,
) -> None:
    text = answer_text(BEFORE, program, AgentAnswer("x", decision))
    assert (json.loads(text) if text else None) == told


@pytest.mark.parametrize("program", [*EDITS, "opencode"])
@pytest.mark.parametrize("moment", list(Moment))
@pytest.mark.parametrize("decision", list(Decision))
def test_no_program_is_ever_told_to_allow(
    program: str,
    moment: Moment,
    decision: Decision,
) -> None:
    event = BEFORE._replace(moment=moment)
    assert "allow" not in answer_text(event, program, AgentAnswer("x", decision))
    assert answer_text(event, program, AgentAnswer("", decision)) == ""
