"""Hooks that write down what a program tells them, and what is in the repository's files at that moment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_SCRIPT = """\
#!/bin/sh
# The name tells the order, to the nanosecond.
moment="{told}/$(date +%s%N)"
cp -r src "$moment.src"
cat >"$moment.part"
mv "$moment.part" "$moment.json"
"""

SETTINGS = {
    "claude": ".claude/settings.json",
    "codex": ".codex/hooks.json",
    "gemini": ".gemini/settings.json",
}
EVENTS = {
    "claude": (
        "SessionStart",
        "SubagentStart",
        "PreToolUse",
        "PostToolUse",
        "PostToolUseFailure",
        "SubagentStop",
        "SessionEnd",
    ),
    "codex": (
        "SessionStart",
        "SubagentStart",
        "PreToolUse",
        "PostToolUse",
        "SubagentStop",
        "SessionEnd",
    ),
    "gemini": ("SessionStart", "BeforeTool", "AfterTool", "SessionEnd"),
}


class Told(NamedTuple):
    """One call of a hook: what the program said, and the files below src/ by their absolute path."""

    payload: bytes
    files: dict[str, bytes]

    @property
    def event(self) -> str:
        """The program's name for what happened."""
        return str(json.loads(self.payload)["hook_event_name"])

    @property
    def tool(self) -> str:
        """The tool that is meant, empty where none is."""
        return str(json.loads(self.payload).get("tool_name", ""))


class Recorder(NamedTuple):
    """What one program said in one repository."""

    repo: Path
    folder: Path

    def told(self) -> Sequence[Told]:
        """All calls, in their order."""
        return [self._told(path) for path in sorted(self.folder.glob("*.json"))]

    def _told(self, path: Path) -> Told:
        files = {}
        copy = path.with_suffix(".src")
        for file in copy.rglob("*"):
            if file.is_file():
                place = self.repo / "src" / file.relative_to(copy)
                files[str(place)] = file.read_bytes()
        return Told(path.read_bytes(), files)


def record(program: str, repo: Path, folder: Path) -> Recorder:
    """Have a program tell all that it does in a repository."""
    folder.mkdir()
    script = folder.with_suffix(".sh")
    script.write_text(_SCRIPT.format(told=folder))
    script.chmod(0o755)
    handler = {"type": "command", "command": str(script), "timeout": 10_000}
    hooks = {event: [{"hooks": [handler]}] for event in EVENTS[program]}
    settings = repo / SETTINGS[program]
    settings.parent.mkdir(exist_ok=True)
    settings.write_text(json.dumps({"hooks": hooks}))
    return Recorder(repo, folder)
