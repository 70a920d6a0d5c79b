"""Hooks that call a tool of our MCP server instead of starting a process, in the programs whose hooks can.

Whether the server is there, only the program knows, and it lets an edit pass where it is not. So
each call has a command beside it, which answers as ever unless the server has shown that it does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from git_muse_coord.store.agents.answering_mark import shell_test

SERVER = "muse-coord"
"""What our server is called in the settings of every program."""

TOOL = "hook"
"""In no list of tools, because a model has no use for it; a hook may call it all the same."""

_FIELDS = (
    "hook_event_name",
    "session_id",
    "cwd",
    "tool_name",
    "tool_input",
    "tool_use_id",
)
CALLED_BY: Mapping[str, Sequence[str]] = {
    "claude": (*_FIELDS, "agent_id", "tool_response"),
    "codex": (*_FIELDS, "turn_id"),
}
"""The programs whose hooks can call a tool, and what each is asked to tell of an event.

Claude Code puts the value of a field into a text: of a table its JSON, of what is not there nothing.
In Codex a hook fails that asks for what an event has not, as those of a session itself have no agent.
"""

SHARING = ("claude",)
"""The programs whose sub-agents call the server of their session; in others each has one of its own."""


def tool_call(program: str, timeout: int) -> dict[str, Any]:
    """The handler that calls the tool."""
    told = {field: f"${{{field}}}" for field in CALLED_BY[program]}
    return {
        "type": "mcp_tool",
        "server": SERVER,
        "tool": TOOL,
        "input": {"program": program, **told},
        "timeout": timeout,
    }


def line_beside_it(program: str, line: str) -> str:
    """The command that stands beside a call: ``line``, unless the server answers."""
    if program in SHARING:
        return f"{shell_test('$CLAUDE_CODE_SESSION_ID')} && exit 0; {line}"
    # Only the event tells whose it is. Of a sub-agent nobody knows whether its server is up already:
    # what stands behind its name is another text than the event.
    session = r"""session=${event#*'"session_id":"'}; session=${session%%'"'*}"""
    behind_agent = r"""behind=${event#*'"agent_id"'}"""
    rests = f'[ "$behind" = "$event" ] && {shell_test("$session")} && exit 0'
    answers = f"""printf '%s\\n' "$event" | {{ {line}; }}"""
    return f"event=$(cat); {session}; {behind_agent}; {rests}; {answers}"


def is_tool_call(handler: Mapping[str, Any]) -> bool:
    """Whether a handler calls our tool."""
    return handler.get("server") == SERVER and handler.get("tool") == TOOL
