"""Codex (read at 0.171.0): events and answers as Claude's, edits as patches."""

from __future__ import annotations

from git_muse_coord.integrations.agents.claude import MOMENTS, TOOLS, context_or_decision
from git_muse_coord.integrations.agents.dialect import Dialect
from git_muse_coord.integrations.agents.fields import text_of
from git_muse_coord.integrations.agents.patching import edits_of_patch
from git_muse_coord.model.agents import Decision
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_muse_coord.integrations.agents.dialect import ToolCall
    from git_muse_coord.integrations.agents.fields import Payload
    from git_muse_coord.model.agents import AgentAnswer, AgentEvent, Edit


def edits_by_patch(call: ToolCall) -> Iterator[Edit]:
    """What a patch does to its files."""
    # Its versions do not agree on the name.
    patch = text_of(call.arguments, "command", "patch", "input")
    return edits_of_patch(call, patch)


def _answer(event: AgentEvent, answer: AgentAnswer) -> Payload | None:
    # Codex calls a question to the person an error, and goes on without our answer.
    if answer.decision is Decision.ASK:
        answer = answer._replace(decision=Decision.INFORM)
    return context_or_decision(event, answer)


DIALECT = Dialect(
    program="codex",
    moments=MOMENTS,
    tools={**TOOLS, "apply_patch": edits_by_patch},
    shells=frozenset({"Bash", "shell", "shell_command", "exec_command"}),
    answer=_answer,
)
