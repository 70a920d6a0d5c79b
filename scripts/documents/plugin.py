"""The plugin for Claude Code: its manifest, with the version, and the hooks that an installation would add."""

from __future__ import annotations

import json

from git_muse_coord.store.agents.json_text import own_file
from git_muse_coord.store.agents.programs import AGENT_PROGRAMS
from git_muse_coord.version import __version__

FOLDER = "plugins/claude"
_DESCRIPTION = (
    "What an agent edits is reserved by itself, symbol by symbol, and it hears of others before the edit;"
    " needs git-muse-coord on the PATH"
)


def all_files() -> dict[str, str]:
    """The generated files of the plugin, by their paths."""
    (claude,) = [program for program in AGENT_PROGRAMS if program.name == "claude"]
    manifest = {
        "name": "muse-coord",
        "description": _DESCRIPTION,
        "version": __version__,
        "author": {"name": "git-muse-coord"},
        "license": "MIT",
        "keywords": ["git", "coordination", "agents", "worktrees"],
    }
    return {
        f"{FOLDER}/.claude-plugin/plugin.json": json.dumps(manifest, indent=2) + "\n",
        f"{FOLDER}/hooks/hooks.json": own_file(claude.entries, {}),
    }
