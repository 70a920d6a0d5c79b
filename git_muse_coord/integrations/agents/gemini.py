"""Gemini CLI (read at 0.61.0). It takes no context before a tool, only a refusal."""

from __future__ import annotations

from collections.abc import Iterator

from git_muse_coord.integrations.agents.dialect import Dialect, ToolCall
from git_muse_coord.integrations.agents.edits import (
    edit_by_replacement,
    replacement_of,
    written_file,
)
from git_muse_coord.integrations.agents.fields import Payload, text_of
from git_muse_coord.model.agents import AgentAnswer, Decision, Edit, Moment

_TOLD_AT = {
    Moment.SESSION_START: "SessionStart",
    Moment.AFTER_EDIT: "AfterTool",
    Moment.AFTER_SHELL: "AfterTool",
}


def _answer(moment: Moment, answer: AgentAnswer) -> Payload | None:
    if moment is Moment.BEFORE_EDIT and answer.decision is Decision.DENY:
        return {"decision": "deny", "reason": answer.text}
    event = _TOLD_AT.get(moment)
    if event is None:
        return None
    return {"hookSpecificOutput": {"hookEventName": event, "additionalContext": answer.text}}


def _replace(call: ToolCall) -> Iterator[Edit]:
    return edit_by_replacement(call, replacement_of(call.arguments))


def _write_file(call: ToolCall) -> Iterator[Edit]:
    return written_file(call, text_of(call.arguments, "content"))


DIALECT = Dialect(
    program="gemini",
    moments={
        "SessionStart": Moment.SESSION_START,
        "BeforeTool": Moment.BEFORE_EDIT,
        "AfterTool": Moment.AFTER_EDIT,
        "SessionEnd": Moment.SESSION_END,
    },
    tools={"replace": _replace, "write_file": _write_file},
    shells=frozenset({"run_shell_command"}),
    answer=_answer,
)
