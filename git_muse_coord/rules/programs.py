"""Which programs of agents there are among processes, by their command lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from git_muse_coord.model.identity import PROGRAMS

_PLACES = {
    "/claude-code/": "claude",
    "/claude/versions/": "claude",
    "/@openai/codex": "codex",
    "/gemini-cli/": "gemini",
}
"""Where the packages of programs lie whose files have other names than they."""

_INTERPRETERS = ("node", "bun", "deno")


def program_of(words: Sequence[str]) -> str | None:
    """Which of the known programs of agents a command line runs, by itself or as a script.

    >>> program_of(["node", "--no-warnings", "/usr/bin/gemini", "-p", "ask claude"])
    'gemini'
    """
    if not words:
        return None
    program, *arguments = words
    names = [program]
    if _name(program) in _INTERPRETERS:
        # Only the script: further words may be a question about another program.
        scripts = [word for word in arguments if not word.startswith("-")]
        names += scripts[:1]
    for word in names:
        path = word.replace("\\", "/")
        for place, packaged in _PLACES.items():
            if place in path:
                return packaged
        name = _name(path)
        if name in PROGRAMS:
            return name
    return None


def _name(path: str) -> str:
    """The name of a program without folders and suffix."""
    _, _, file_name = path.replace("\\", "/").rpartition("/")
    return re.sub(r"\.(?:exe|cmd|[cm]?js)$", "", file_name.lower())
