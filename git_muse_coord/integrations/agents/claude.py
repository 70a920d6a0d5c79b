"""Claude Code (read at 2.1.332)."""

from __future__ import annotations

from git_muse_coord.integrations.agents.dialect import Dialect
from git_muse_coord.integrations.agents.edits import (
    edit_by_replacement,
    replacement_of,
    written_file,
)
from git_muse_coord.integrations.agents.fields import text_of
from git_muse_coord.integrations.agents.notebook import edit_of_notebook
from git_muse_coord.model.agents import Decision, Moment
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_muse_coord.integrations.agents.dialect import ToolCall
    from git_muse_coord.integrations.agents.fields import Payload
    from git_muse_coord.model.agents import AgentAnswer, AgentEvent, Edit

MOMENTS = {
    "SessionStart": Moment.SESSION_START,
    "SubagentStart": Moment.AGENT_START,
    "PreToolUse": Moment.BEFORE_EDIT,
    "PostToolUse": Moment.AFTER_EDIT,
    "PostToolUseFailure": Moment.AFTER_EDIT,
    "SubagentStop": Moment.AGENT_END,
    "SessionEnd": Moment.SESSION_END,
}
"""Codex and others took these names over. A shell command that fails may have changed files before it did."""

_TAKE_NOTHING = (Moment.AGENT_END, Moment.SESSION_END)


def context_or_decision(event: AgentEvent, answer: AgentAnswer) -> Payload | None:
    """Context for the model at every moment that takes some; before an edit a decision where there is one."""
    if event.moment in _TAKE_NOTHING:
        return None
    told = {"hookEventName": event.name}
    is_decided = answer.decision is not Decision.INFORM
    if is_decided and event.moment is Moment.BEFORE_EDIT:
        told["permissionDecision"] = answer.decision.value
        told["permissionDecisionReason"] = answer.text
    else:
        told["additionalContext"] = answer.text
    return {"hookSpecificOutput": told}


def _edit(call: ToolCall) -> Iterator[Edit]:
    return edit_by_replacement(call, replacement_of(call.arguments))


def _write(call: ToolCall) -> Iterator[Edit]:
    return written_file(call, text_of(call.arguments, "content"))


TOOLS = {
    "Edit": _edit,
    "Write": _write,
    "NotebookEdit": edit_of_notebook,
}

DIALECT = Dialect(
    program="claude",
    moments=MOMENTS,
    tools=TOOLS,
    shells=frozenset({"Bash"}),
    failures=frozenset({"PostToolUseFailure"}),
    answer=context_or_decision,
)
