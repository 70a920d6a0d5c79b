"""Gemini CLI (read at 0.61.0). It takes no context before a tool, only a refusal."""

from __future__ import annotations

from git_muse_coord.integrations.agents.dialect import Dialect
from git_muse_coord.integrations.agents.edits import (
    edit_by_replacement,
    replacement_of,
    written_file,
)
from git_muse_coord.integrations.agents.fields import text_of
from git_muse_coord.integrations.agents.loose_replacement import loosely_replaced
from git_muse_coord.model.agents import Decision, Moment
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_muse_coord.integrations.agents.dialect import ToolCall
    from git_muse_coord.integrations.agents.fields import Payload
    from git_muse_coord.model.agents import AgentAnswer, AgentEvent, Edit

_TAKE_CONTEXT = (
    Moment.SESSION_START,
    Moment.AFTER_EDIT,
    Moment.AFTER_SHELL,
)


def _answer(event: AgentEvent, answer: AgentAnswer) -> Payload | None:
    is_denied = answer.decision is Decision.DENY
    if is_denied and event.moment is Moment.BEFORE_EDIT:
        return {"decision": "deny", "reason": answer.text}
    if event.moment not in _TAKE_CONTEXT:
        return None
    context = {"hookEventName": event.name, "additionalContext": answer.text}
    return {"hookSpecificOutput": context}


def _replace(call: ToolCall) -> Iterator[Edit]:
    replacement = replacement_of(call.arguments)
    return edit_by_replacement(call, replacement, loosely_replaced)


def _write_file(call: ToolCall) -> Iterator[Edit]:
    text = text_of(call.arguments, "content")
    return written_file(call, text, keeps_ends=True)


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
