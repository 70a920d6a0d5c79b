"""Which program speaks: several read the settings of another, so its words count for more than the command line."""

from __future__ import annotations

from git_muse_coord.model.identity import PROGRAMS
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from git_muse_coord.integrations.agents.fields import Payload

OWN_WORDS = tuple(name for name in PROGRAMS if name != "agent")
"""The programs whose own words are understood; everybody else speaks the plain form."""

PLAIN = "plain"

_SIGNS = {
    "cursor": ("cursor_version", "conversation_id"),
    "copilot": ("sessionId", "toolName"),
    "codex": ("turn_id",),
}
_EVENTS_OF_GEMINI = ("BeforeTool", "AfterTool", "BeforeAgent", "AfterAgent", "PreCompress")


def spoken_by(argument: str, payload: Payload) -> str:
    """The name of the dialect in which a payload is written; ``argument`` is what the hook's command line says."""
    for program, signs in _SIGNS.items():
        if any(sign in payload for sign in signs):
            return program
    event = payload.get("hook_event_name")
    if event in _EVENTS_OF_GEMINI:
        return "gemini"
    if argument in OWN_WORDS:
        return argument
    # Claude's form is the one that others took over.
    return "claude" if event is not None else PLAIN
