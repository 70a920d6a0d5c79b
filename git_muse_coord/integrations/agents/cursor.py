"""Cursor (from its documents). That it shows context before an edit is not proved, so it is told nothing there."""

from __future__ import annotations

from collections.abc import Iterator

from git_muse_coord.integrations.agents.claude import MOMENTS, TOOLS
from git_muse_coord.integrations.agents.codex import edits_by_patch
from git_muse_coord.integrations.agents.dialect import Dialect, ToolCall
from git_muse_coord.integrations.agents.edits import (
    deleted_file,
    edit_by_replacement,
    edit_of,
    replacement_of,
    written_file,
)
from git_muse_coord.integrations.agents.fields import Payload, text_of
from git_muse_coord.integrations.agents.replacement import TextReplacement, replaced
from git_muse_coord.model.agents import AgentAnswer, Decision, Edit, Moment


def _answer(moment: Moment, answer: AgentAnswer) -> Payload | None:
    if moment is not Moment.BEFORE_EDIT or answer.decision is Decision.INFORM:
        return None
    return {
        "permission": answer.decision.value,
        "user_message": answer.text,
        "agent_message": answer.text,
    }


def _replace(call: ToolCall) -> Iterator[Edit]:
    return edit_by_replacement(call, replacement_of(call.arguments))


def _write(call: ToolCall) -> Iterator[Edit]:
    return written_file(call, text_of(call.arguments, "content", "contents"))


def _edited(call: ToolCall) -> Iterator[Edit]:
    """What is told after an edit: the replacements that were made, in their order."""
    told = call.arguments.get("edits")
    steps: list[TextReplacement] = []
    for each in told if isinstance(told, list) else []:
        step = replacement_of(each) if isinstance(each, dict) else None
        if step is None:
            return
        steps.append(step)

    def back(text: str) -> str | None:
        result: str | None = text
        for step in reversed(steps):
            result = None if result is None else replaced(result, step.undone())
        return result

    yield from edit_of(call, back, back)


DIALECT = Dialect(
    program="cursor",
    moments={
        **MOMENTS,
        "sessionStart": Moment.SESSION_START,
        "subagentStart": Moment.AGENT_START,
        "preToolUse": Moment.BEFORE_EDIT,
        "postToolUse": Moment.AFTER_EDIT,
        "afterFileEdit": Moment.AFTER_EDIT,
        "beforeShellExecution": Moment.BEFORE_SHELL,
        "afterShellExecution": Moment.AFTER_SHELL,
        "subagentStop": Moment.AGENT_END,
        "sessionEnd": Moment.SESSION_END,
    },
    tools={
        **TOOLS,
        "Write": _write,
        "StrReplace": _replace,
        "ApplyPatch": edits_by_patch,
        "Delete": deleted_file,
        "afterFileEdit": _edited,
    },
    shells=frozenset({"Bash", "Shell"}),
    answer=_answer,
    session=("conversation_id", "session_id"),
    agent=("agent_id", "subagent_id"),
)
