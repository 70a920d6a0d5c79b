"""Play an edit through an installed hook, as its program would: the line is run, with an event on stdin.

A variable names a file, into which our hook then writes what it understood, and does nothing else.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from typing import Any

from git_muse_coord.store.agents.programs import AgentProgram
from git_muse_coord.store.hooks.places import PROBE

_FILE = "muse-coord-probe.txt"
_SECONDS = 20
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
        bare = {name: environment[name] for name in _KEPT if name in environment}
        try:
            subprocess.run(
                ["/bin/sh", "-c", line],
                input=payload,
                cwd=top,
                env={**bare, PROBE: answers},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_SECONDS,
                check=False,
            )
            with open(answers, encoding="utf-8") as file:
                return file.read() == f"{program.name} before-edit 1\n"
        except (OSError, subprocess.TimeoutExpired):
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
