"""The agents' programs that we know: where their hooks belong, and what is to stand there.

A command line is the same in every version of ours, because Codex trusts a hook by what it says. It
does nothing where our program is missing, and ends with 0 whatever happens: 2 would stop every edit,
and in Copilot any other code, too. Git is not asked to call us, which would take milliseconds more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from git_muse_coord.store.agents.hook_calls import is_tool_call, line_beside_it, tool_call
from git_muse_coord.store.agents.json_text import HookEntry

_SECONDS = 10
"""What a program grants a hook; ours stops itself well before."""

_OURS = re.compile(r"\bmuse-coord hook\b")
_LINE = "command -v git-muse-coord >/dev/null || exit 0; git-muse-coord hook {name} || exit 0"


class AgentProgram(NamedTuple):
    """A program of agents.

    ``path`` is the file of its hooks in a repository; ``home`` that of a user, in the folder that
    ``variable`` names, which else is ``folder`` in the user's home. ``rest`` is what else a file of
    its own must hold, and ``wants`` what only a person can do before the program runs the hooks.
    Where hooks are code, ``plugin`` is what we ship instead of ``entries``. ``calling`` are the
    entries that call our MCP server, empty where the hooks of a program cannot; older versions of
    it than ``calls_since`` cannot, either.
    """

    name: str
    title: str
    path: str
    home: str
    folder: str
    variable: str
    entries: tuple[HookEntry, ...] = ()
    rest: Mapping[str, Any] = {}
    wants: str = ""
    plugin: str = ""
    calling: tuple[HookEntry, ...] = ()
    calls_since: str = ""


def command_line(name: str) -> str:
    """What a program runs."""
    return _LINE.format(name=name)


def calls_us(entry: Any) -> bool:
    """Whether a command of a program's hooks calls us, in whatever words, or our server."""
    if not isinstance(entry, dict):
        return False
    if is_tool_call(entry):
        return True
    arguments = entry.get("args")
    # Some programs take one text for a shell, others words; Copilot knows both.
    words = [entry.get("command"), entry.get("bash")]
    if isinstance(arguments, list):
        words += arguments
    return _OURS.search(" ".join(word for word in words if isinstance(word, str))) is not None


def _grouped(
    name: str,
    tools: str,
    before_and_after: Iterable[str],
    others: Iterable[str],
    *,
    timeout: int = _SECONDS,
    is_calling: bool = False,
) -> Iterator[HookEntry]:
    """The entries of Claude Code, and of those that took over its form: a list of commands behind a matcher.

    Those around tools call our server where ``is_calling``; they are what an agent waits for at each edit.
    """
    handler = {
        "type": "command",
        "command": command_line(name),
        "timeout": timeout,
    }
    around: list[Mapping[str, Any]] = [handler]
    if is_calling:
        line = line_beside_it(name, command_line(name))
        around = [tool_call(name, timeout), {**handler, "command": line}]
    # Without a matcher it runs for every source or agent.
    for event in others:
        yield HookEntry(event, {"hooks": [handler]})
    for event in before_and_after:
        yield HookEntry(event, {"matcher": tools, "hooks": around})


def _flat(
    handler: Mapping[str, Any],
    tools: str,
    before_and_after: Iterable[str],
    others: Iterable[str],
) -> Iterator[HookEntry]:
    """The entries of programs that name the matcher beside the command."""
    for event in others:
        yield HookEntry(event, handler)
    for event in before_and_after:
        yield HookEntry(event, {**handler, "matcher": tools})


_AROUND_TOOLS = ("PreToolUse", "PostToolUse")
_ENDS_OF_SESSIONS = ("SessionStart", "SubagentStart", "SubagentStop", "SessionEnd")


def _of_codex(*, is_calling: bool) -> tuple[HookEntry, ...]:
    entries = _grouped(
        "codex",
        "apply_patch|Edit|Write|Bash",
        _AROUND_TOOLS,
        _ENDS_OF_SESSIONS,
        is_calling=is_calling,
    )
    return tuple(entries)


def _of_claude(*, is_calling: bool) -> tuple[HookEntry, ...]:
    entries = _grouped(
        "claude",
        "Edit|Write|MultiEdit|NotebookEdit|Bash",
        # A shell command that failed may have changed files before it did.
        (*_AROUND_TOOLS, "PostToolUseFailure"),
        _ENDS_OF_SESSIONS,
        is_calling=is_calling,
    )
    return tuple(entries)


AGENT_PROGRAMS = (
    AgentProgram(
        name="claude",
        title="Claude Code",
        path=".claude/settings.json",
        home="settings.json",
        folder=".claude",
        variable="CLAUDE_CONFIG_DIR",
        entries=_of_claude(is_calling=False),
        calling=_of_claude(is_calling=True),
        calls_since="2.1.118",
    ),
    AgentProgram(
        name="codex",
        title="Codex",
        path=".codex/hooks.json",
        home="hooks.json",
        folder=".codex",
        variable="CODEX_HOME",
        entries=_of_codex(is_calling=False),
        calling=_of_codex(is_calling=True),
        calls_since="0.149",
        wants="trust in the project and in its hooks: start codex here, and type /hooks",
    ),
    AgentProgram(
        name="gemini",
        title="Gemini CLI",
        path=".gemini/settings.json",
        home="settings.json",
        folder=".gemini",
        variable="",
        entries=tuple(
            _grouped(
                "gemini",
                "replace|write_file|run_shell_command",
                ("BeforeTool", "AfterTool"),
                ("SessionStart", "SessionEnd"),
                timeout=_SECONDS * 1000,
            )
        ),
        wants="trust in the folder, which gemini asks for when it starts here",
    ),
    AgentProgram(
        name="copilot",
        title="Copilot",
        path=".github/hooks/muse-coord.json",
        home="hooks/muse-coord.json",
        folder=".copilot",
        variable="COPILOT_HOME",
        entries=tuple(
            _flat(
                {
                    "type": "command",
                    "command": command_line("copilot"),
                    "timeoutSec": _SECONDS,
                },
                "Edit|Write|Bash",
                _AROUND_TOOLS,
                _ENDS_OF_SESSIONS,
            )
        ),
        rest={"version": 1},
        wants="the file on the default branch, where its cloud agent is to read it",
    ),
    AgentProgram(
        name="cursor",
        title="Cursor",
        path=".cursor/hooks.json",
        home="hooks.json",
        folder=".cursor",
        variable="",
        entries=tuple(
            _flat(
                {"command": command_line("cursor"), "timeout": _SECONDS},
                "Write|StrReplace|ApplyPatch|Delete|Shell",
                ("preToolUse", "postToolUse"),
                ("sessionStart", "subagentStart", "subagentStop", "sessionEnd"),
            )
        ),
        rest={"version": 1},
        wants="trust in the folder; hooks of .claude/settings.json it runs only where third-party hooks are on",
    ),
    AgentProgram(
        name="opencode",
        title="opencode",
        path=".opencode/plugins/muse-coord.js",
        home="plugins/muse-coord.js",
        folder=".config/opencode",
        variable="OPENCODE_CONFIG_DIR",
        plugin="opencode/muse-coord.js",
    ),
)
"""All of them, in the order in which they are told."""
