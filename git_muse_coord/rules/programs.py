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
    # Further words may be a question about another program.
    names = list(words[:1])
    if names and _name(names[0]) in _INTERPRETERS:
        names += [word for word in words[1:] if not word.startswith("-")][:1]
    for word in names:
        path = word.replace("\\", "/")
        for place, program in _PLACES.items():
            if place in path:
                return program
        if _name(path) in PROGRAMS:
            return _name(path)
    return None


def _name(path: str) -> str:
    """The name of a program without folders and suffix."""
    name = path.replace("\\", "/").rpartition("/")[2]
    return re.sub(r"\.(?:exe|cmd|[cm]?js)$", "", name.lower())
