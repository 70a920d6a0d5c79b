"""Where the hooks of agents' programs lie: in a repository or for a user, and whether a plugin brings them already."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from git_muse_coord.rules.setting_names import SECTION
from git_muse_coord.store.agents.programs import AGENT_PROGRAMS, AgentProgram
from git_muse_coord.store.git.process import Git

AUTO_RESERVE = f"{SECTION}.autoReserve"
_PLUGIN = f"{SECTION}@"
_PROGRAMS = {program.name: program for program in AGENT_PROGRAMS}


class AgentPlaces:
    """The files of hooks in the repository at ``top``, or where that is None of a user."""

    def __init__(self, top: str | None, environment: Mapping[str, str]) -> None:
        self._top = top
        self._environment = environment
        self.scope = "--global" if top is None else "--local"
        """Where in git's configuration that is."""

    def path(self, program: AgentProgram) -> str:
        """The file of a program's hooks, there or not."""
        # Programs look at the top of the working tree, from wherever they are started.
        if self._top is not None:
            return os.path.join(self._top, program.path)
        return os.path.join(self._folder_of_user(program), program.home)

    def folders(self, program: AgentProgram) -> list[str]:
        """The folders that are made for that file, the innermost first."""
        folder = os.path.dirname(self.path(program))
        depth = program.path.count("/")
        if self._top is None:
            # A user's own may be without the program's folder itself.
            depth = program.home.count("/") + 1
        folders: list[str] = []
        for _ in range(depth):
            folders.append(folder)
            folder = os.path.dirname(folder)
        return folders

    @property
    def has_plugin(self) -> bool:
        """Whether Claude Code has our plugin switched on, so that it would run our hooks twice."""
        claude = _PROGRAMS["claude"]
        folder = self._folder_of_user(claude)
        paths = [os.path.join(folder, claude.home)]
        if self._top is not None:
            of_project = os.path.join(self._top, claude.path)
            of_person = of_project.replace(".json", ".local.json")
            paths += [of_project, of_person]
        is_on = False
        for path in paths:  # what is nearer to the work counts for more
            for name, value in _plugins(path).items():
                if name.startswith(_PLUGIN):
                    is_on = value is True
        return is_on

    def _folder_of_user(self, program: AgentProgram) -> str:
        if program.variable:
            named = self._environment.get(program.variable)
            if named:
                return named
        home = self._environment.get("HOME") or os.path.expanduser("~")
        return os.path.join(home, program.folder)


def set_auto_reserve(git: Git, scope: str) -> bool:
    """Have agents' hooks reserve what is edited, unless something is said about it: False. Raises StoreFailed."""
    # In a clone what the user says for all of them counts as well.
    where = [scope] if scope == "--global" else []
    said = git.ask("config", *where, "--get", AUTO_RESERVE)
    if said.code == 0:
        return False
    git.run("config", scope, AUTO_RESERVE, "true")
    return True


def unset_auto_reserve(git: Git, scope: str) -> bool:
    """Take out what ``set_auto_reserve`` wrote. False: it is not there. Raises StoreFailed."""
    said = git.ask("config", scope, "--get", AUTO_RESERVE)
    # Whoever said false, before or since, goes on meaning it.
    if said.out.strip() != b"true":
        return False
    git.run("config", scope, "--unset", AUTO_RESERVE)
    return True


def _plugins(path: str) -> Mapping[str, Any]:
    # A file that cannot be read switches nothing on, in Claude Code either.
    try:
        with open(path, encoding="utf-8") as file:
            settings = json.load(file)
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(settings, dict):
        return {}
    plugins = settings.get("enabledPlugins")
    if not isinstance(plugins, dict):
        return {}
    return plugins
