"""Cursor (from its documents). That it shows context before an edit is not proved, so it is told nothing there."""

from __future__ import annotations

from git_muse_coord.integrations.agents.claude import MOMENTS, TOOLS
from git_muse_coord.integrations.agents.codex import edits_by_patch
from git_muse_coord.integrations.agents.dialect import Dialect
from git_muse_coord.integrations.agents.edits import (
    deleted_file,
    edit_by_replacement,
    edit_of,
    replacement_of,
    written_file,
)
from git_muse_coord.integrations.agents.fields import text_of
from git_muse_coord.integrations.agents.replacement import replaced
from git_muse_coord.model.agents import Decision, Moment
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_muse_coord.integrations.agents.dialect import ToolCall
    from git_muse_coord.integrations.agents.fields import Payload
    from git_muse_coord.integrations.agents.replacement import TextReplacement
    from git_muse_coord.model.agents import AgentAnswer, AgentEvent, Edit


def _answer(event: AgentEvent, answer: AgentAnswer) -> Payload | None:
    is_decided = answer.decision is not Decision.INFORM
    if not is_decided or event.moment is not Moment.BEFORE_EDIT:
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
    steps = _steps(call)

    def back(text: str) -> str | None:
        result: str | None = text
        for step in reversed(steps):
            if result is None:
                break
            result = replaced(result, step.undone())
        return result

    if steps:
        yield from edit_of(call, back, back)


def _steps(call: ToolCall) -> list[TextReplacement]:
    """The replacements of an edit; none where not all of them are understood."""
    told = call.arguments.get("edits")
    steps = []
    for entry in told if isinstance(told, list) else []:
        step = replacement_of(entry) if isinstance(entry, dict) else None
        if step is None:
            return []
        steps.append(step)
    return steps


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
