"""What of ours stands in the files of agents' programs, by what they say."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from git_muse_coord.store.agents.hook_calls import is_tool_call
from git_muse_coord.store.agents.json_text import (
    HookEntry,
    NotPlain,
    entries_in,
    must_be_plain,
)
from git_muse_coord.store.agents.places import AgentPlaces
from git_muse_coord.store.agents.plugin_files import is_as_made, plugin_text
from git_muse_coord.store.agents.programs import AgentProgram, calls_us
from git_muse_coord.store.git.repository import Repository
from git_muse_coord.store.git.worktrees import worktrees

_BEFORE_TOOLS = ("PreToolUse", "BeforeTool", "preToolUse")
_PLAIN_LINE = "git-muse-coord hook agent"
"""What our plugins run."""


class Installed(NamedTuple):
    """Hooks of ours in a file: the line that is run before an edit, and whether all is as this version writes it.

    ``line`` is None where nothing of ours is called before an edit. ``calls_server`` says that our
    MCP server is asked first, and the line answers where it does not.
    """

    path: str
    line: str | None
    is_of_today: bool
    calls_server: bool = False


def installed_in(places: AgentPlaces, program: AgentProgram) -> Installed | None:
    """What is installed for a program; None where nothing is, or nothing that can be read."""
    path = places.path(program)
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError:
        return None
    if program.plugin:
        is_ours = is_as_made(content)
        return (
            Installed(path, _PLAIN_LINE, content == plugin_text(program.plugin))
            if is_ours
            else None
        )
    # Most files are of others alone, and need not be read as JSON.
    if b"muse-coord" not in content:
        return None
    try:
        text = content.decode("utf-8")
        must_be_plain(text)
    except (UnicodeDecodeError, NotPlain):
        return None
    entries = entries_in(text, calls_us)
    if not entries:
        return None
    handlers = list(_before_edits(entries))
    calls_server = any(map(is_tool_call, handlers))
    wanted = program.calling if calls_server else program.entries
    is_of_today = sorted(entries, key=repr) == sorted(wanted, key=repr)
    lines = [_line(handler) for handler in handlers if not is_tool_call(handler)]
    return Installed(
        path,
        lines[0] if lines else None,
        is_of_today,
        calls_server,
    )


def worktrees_without(
    repository: Repository,
    program: AgentProgram,
    environment: Mapping[str, str],
) -> list[str]:
    """The other worktrees of a clone in which a program would find no hooks of ours."""
    here = os.path.realpath(repository.top or repository.common_dir)
    without: list[str] = []
    for worktree in worktrees(repository):
        is_other = os.path.realpath(worktree.top) != here and not worktree.is_gone
        if is_other and installed_in(AgentPlaces(worktree.top, environment), program) is None:
            without.append(worktree.top)
    return without


def _before_edits(entries: Iterable[HookEntry]) -> Iterator[Any]:
    """The handlers of ours that run before an edit."""
    for entry in entries:
        if entry.event not in _BEFORE_TOOLS:
            continue
        for handler in (entry.value, *entry.value.get("hooks", ())):
            if calls_us(handler):
                yield handler


def _line(command: Any) -> str:
    """The command as a line for a shell."""
    text = command.get("command") or command.get("bash") or ""
    return " ".join([text, *map(shlex.quote, command.get("args", ()))])
