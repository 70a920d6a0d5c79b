"""Who runs, and where that was said."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from git_muse_coord.model.text_types import RunId

OPTION = "--run-id"
VARIABLE = "MUSE_RUN_ID"
PAYLOAD = "the event of the agent's program"
COMMAND = "git -c muse-coord.runId"
WORKTREE = "muse-coord.runId of the worktree"
CLONE = "muse-coord.runId of the clone"
USER = "muse-coord.runId of the user"
DERIVED = "derived"
NONE = "muse-coord.identity none"

PROGRAMS = ("claude", "codex", "gemini", "copilot", "cursor", "agent")
"""The programs that run ids begin with; ``agent`` is any other that calls our hook."""

SESSIONS = {
    "CLAUDE_CODE_SESSION_ID": "claude",
    "CODEX_THREAD_ID": "codex",
    "CODEX_SESSION_ID": "codex",
    "GEMINI_SESSION_ID": "gemini",
}
"""The variables in which programs name the session that a command of theirs belongs to, the better one first."""

MARKS = {"CLAUDECODE": "claude", "GEMINI_CLI": "gemini"}
"""Variables that tell of a program, and not of the session."""


class Identity(NamedTuple):
    """A run id and its ``source``: one of the words above, or the variable of an agent's program."""

    run_id: RunId
    source: str

    @property
    def lacks_session(self) -> bool:
        """Whether only the program is known, and not which of its sessions it is."""
        return self.run_id.endswith(":") and self.source in MARKS

    @property
    def is_said(self) -> bool:
        """Whether the caller said it, or its program; a setting or a worktree speaks for whoever comes."""
        return self.source not in (WORKTREE, CLONE, USER, DERIVED, NONE)
