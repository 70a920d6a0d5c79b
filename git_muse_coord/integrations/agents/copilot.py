"""Copilot's CLI and cloud agent (from their documents): its own words, or Claude's events and tools.

Its payloads do not tell the cloud apart, where a question to the person counts as a refusal.
"""

from __future__ import annotations

from git_muse_coord.integrations.agents.claude import MOMENTS, TOOLS
from git_muse_coord.integrations.agents.codex import edits_by_patch
from git_muse_coord.integrations.agents.dialect import Dialect
from git_muse_coord.integrations.agents.edits import (
    edit_by_replacement,
    replacement_of,
    written_file,
)
from git_muse_coord.integrations.agents.fields import text_of
from git_muse_coord.model.agents import Decision, Moment
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_muse_coord.integrations.agents.dialect import ToolCall
    from git_muse_coord.integrations.agents.fields import Payload
    from git_muse_coord.model.agents import AgentAnswer, AgentEvent, Edit

_TAKE_CONTEXT = (
    Moment.SESSION_START,
    Moment.AGENT_START,
    Moment.AFTER_EDIT,
    Moment.AFTER_SHELL,
)


def _answer(event: AgentEvent, answer: AgentAnswer) -> Payload | None:
    is_decided = answer.decision is not Decision.INFORM
    if is_decided and event.moment is Moment.BEFORE_EDIT:
        return {
            "permissionDecision": answer.decision.value,
            "permissionDecisionReason": answer.text,
        }
    if event.moment not in _TAKE_CONTEXT:
        return None
    return {"additionalContext": answer.text}


def _edit(call: ToolCall) -> Iterator[Edit]:
    return edit_by_replacement(call, replacement_of(call.arguments, "old_str", "new_str"))


def _create(call: ToolCall) -> Iterator[Edit]:
    return written_file(call, text_of(call.arguments, "file_text", "content"))


def _editor(call: ToolCall) -> Iterator[Edit]:
    command = text_of(call.arguments, "command")
    if command == "create":
        return _create(call)
    return _edit(call)


DIALECT = Dialect(
    program="copilot",
    moments={
        **MOMENTS,
        "sessionStart": Moment.SESSION_START,
        "subagentStart": Moment.AGENT_START,
        "preToolUse": Moment.BEFORE_EDIT,
        "postToolUse": Moment.AFTER_EDIT,
        "subagentStop": Moment.AGENT_END,
        "sessionEnd": Moment.SESSION_END,
    },
    tools={
        **TOOLS,
        "edit": _edit,
        "create": _create,
        "str_replace_editor": _editor,
        "apply_patch": edits_by_patch,
    },
    shells=frozenset({"Bash", "bash", "powershell", "shell"}),
    answer=_answer,
    event=("hook_event_name", "hookEventName", "event"),
    session=("session_id", "sessionId"),
    agent=("agent_id", "agentId"),
    tool=("tool_name", "toolName"),
    arguments=("tool_input", "toolArgs"),
    tool_use=("tool_use_id", "toolUseId", "toolCallId"),
)
