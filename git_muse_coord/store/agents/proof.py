"""Play an edit through an installed hook, as its program would: the line is run, with an event on stdin.

A variable names a file, into which our hook then writes what it understood, and does nothing else.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from git_muse_coord.store.agents.hook_calls import TOOL
from git_muse_coord.store.agents.mcp_entries import COMMAND
from git_muse_coord.store.agents.programs import AgentProgram
from git_muse_coord.store.hooks.places import PROBE

_FILE = "muse-coord-probe.txt"
_SECONDS = 20
_LOOKING_EVERY = 0.02
_KEPT = ("HOME", "PATH", "USER", "LANG", "LC_ALL", "TMPDIR")
"""All that a program's hook can count on; what else a person's shell has set proves nothing."""

BARE_PATH = "/usr/local/bin:/usr/bin:/bin"


def play_edit(
    program: AgentProgram,
    line: str,
    top: str,
    environment: Mapping[str, str],
) -> bool:
    """Whether an edit that a program would tell reaches our hook by a command line, and is understood."""
    payload = json.dumps(_edit_told_by(program.name, top)).encode()
    with tempfile.TemporaryDirectory(prefix="muse-coord-") as folder:
        answers = os.path.join(folder, "answers")
        try:
            subprocess.run(
                ["/bin/sh", "-c", line],
                input=payload,
                cwd=top,
                env=_bare(environment, answers),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return _was_understood(program, answers)


def play_call(
    program: AgentProgram,
    top: str,
    environment: Mapping[str, str],
) -> bool:
    """Whether our MCP server starts, and understands an edit that the hooks of a program tell by calling its tool."""
    lines = [json.dumps(message) for message in _call_told_by(program.name, top)]
    # It stays open until the answer is there: at the end of its input the server ends.
    given, saying = os.pipe()
    with tempfile.TemporaryDirectory(prefix="muse-coord-") as folder:
        answers = os.path.join(folder, "answers")
        try:
            os.write(saying, "\n".join([*lines, ""]).encode())
            with subprocess.Popen(
                COMMAND,
                cwd=top,
                env=_bare(environment, answers),
                stdin=given,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            ) as server:
                is_understood = _wait(server, lambda: _was_understood(program, answers))
                server.kill()
        except OSError:
            return False
        finally:
            os.close(given)
            os.close(saying)
    return is_understood


def _wait(server: subprocess.Popen[bytes], has_come: Callable[[], bool]) -> bool:
    """Whether something comes while a server is up, in the time that it gets."""
    until = time.monotonic() + _SECONDS
    while server.poll() is None and time.monotonic() < until:
        if has_come():
            return True
        time.sleep(_LOOKING_EVERY)
    return False


def _bare(environment: Mapping[str, str], answers: str) -> dict[str, str]:
    bare = {name: environment[name] for name in _KEPT if name in environment}
    return {**bare, PROBE: answers}


def _was_understood(program: AgentProgram, answers: str) -> bool:
    try:
        with open(answers, encoding="utf-8") as file:
            return file.read() == f"{program.name} before-edit 1\n"
    except OSError:
        return False


def is_on_bare_path() -> bool:
    """Whether a shell finds our program that has read nobody's profile, as what starts from a desktop may have it."""
    return shutil.which("git-muse-coord", path=BARE_PATH) is not None


def _edit_told_by(name: str, top: str) -> dict[str, Any]:
    """A file that is about to be made, in the words of a program."""
    path = os.path.join(top, _FILE)
    told: dict[str, Any] = {
        "session_id": "probe",
        "cwd": top,
        "hook_event_name": "PreToolUse",
        "tool_name": "Write",
        "tool_input": {"file_path": path, "content": "probe\n"},
        "tool_use_id": "probe",
    }
    if name == "codex":
        patch = f"*** Begin Patch\n*** Add File: {_FILE}\n+probe\n*** End Patch\n"
        told |= {
            "turn_id": "probe",
            "tool_name": "apply_patch",
            "tool_input": {"command": patch},
        }
    elif name == "gemini":
        told |= {"hook_event_name": "BeforeTool", "tool_name": "write_file"}
    elif name == "cursor":
        told |= {"conversation_id": "probe", "hook_event_name": "preToolUse"}
    elif name == "opencode":
        told = {
            "program": name,
            "event": "before-edit",
            "session": "probe",
            "cwd": top,
        }
        told |= {
            "path": path,
            "before": None,
            "after": "probe\n",
        }
    return told


def _call_told_by(name: str, top: str) -> Iterator[dict[str, Any]]:
    """What the program says to the server, until it has called the tool."""
    hello = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "git-muse-coord", "version": "1"},
    }
    arguments = {"program": name}
    for field, value in _edit_told_by(name, top).items():
        # Claude Code can put nothing but texts into a call, and others may.
        arguments[field] = value if isinstance(value, str) else json.dumps(value)
    call = {"name": TOOL, "arguments": arguments}
    yield _message("initialize", hello, id=1)
    yield _message("notifications/initialized", {})
    yield _message("tools/call", call, id=2)


def _message(method: str, given: Mapping[str, Any], **more: int) -> dict[str, Any]:
    return {
        "jsonrpc": "2.0",
        "method": method,
        "params": given,
        **more,
    }
