"""Claude Code (read at 2.1.332)."""

from __future__ import annotations

from collections.abc import Iterator

from git_muse_coord.integrations.agents.dialect import Dialect, ToolCall
from git_muse_coord.integrations.agents.edits import (
    edit_by_replacement,
    replacement_of,
    written_file,
)
from git_muse_coord.integrations.agents.fields import Payload, text_of
from git_muse_coord.integrations.agents.notebook import edit_of_notebook
from git_muse_coord.model.agents import AgentAnswer, Decision, Edit, Moment

MOMENTS = {
    "SessionStart": Moment.SESSION_START,
    "SubagentStart": Moment.AGENT_START,
    "PreToolUse": Moment.BEFORE_EDIT,
    "PostToolUse": Moment.AFTER_EDIT,
    "SubagentStop": Moment.AGENT_END,
    "SessionEnd": Moment.SESSION_END,
}
"""Codex and others took these names over."""

_TOLD_AT = {
    Moment.SESSION_START: "SessionStart",
    Moment.AGENT_START: "SubagentStart",
    Moment.BEFORE_EDIT: "PreToolUse",
    Moment.BEFORE_SHELL: "PreToolUse",
    Moment.AFTER_EDIT: "PostToolUse",
    Moment.AFTER_SHELL: "PostToolUse",
}


def context_or_decision(moment: Moment, answer: AgentAnswer) -> Payload | None:
    """Context for the model at every moment that takes some; before an edit a decision where there is one."""
    event = _TOLD_AT.get(moment)
    if event is None:
        return None
    told = {"hookEventName": event}
    if answer.decision is Decision.INFORM or moment is not Moment.BEFORE_EDIT:
        told["additionalContext"] = answer.text
    else:
        told["permissionDecision"] = answer.decision.value
        told["permissionDecisionReason"] = answer.text
    return {"hookSpecificOutput": told}


def _edit(call: ToolCall) -> Iterator[Edit]:
    return edit_by_replacement(call, replacement_of(call.arguments))


def _write(call: ToolCall) -> Iterator[Edit]:
    return written_file(call, text_of(call.arguments, "content"))


TOOLS = {"Edit": _edit, "Write": _write, "NotebookEdit": edit_of_notebook}

DIALECT = Dialect(
    program="claude",
    moments=MOMENTS,
    tools=TOOLS,
    shells=frozenset({"Bash"}),
    answer=context_or_decision,
)
