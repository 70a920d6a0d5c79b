"""Settings: what ``git config`` says under ``muse-coord``, each with its default beside it.

Read in one call of git, so that ``git -c``, includes and worktree configuration count.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from git_muse_coord.model.errors import BadInput
from git_muse_coord.store.git import Git

SECTION = "muse-coord"


class Settings(NamedTuple):
    """The values as text, by their lower-case names, without the section where it is ours."""

    values: Mapping[str, str] = {}

    @classmethod
    def read(cls, git: Git) -> Settings:
        """Read the section. Raises nothing: without a value the defaults hold."""
        told = os.fsdecode(git.ask("config", "-z", "--get-regexp", rf"^({SECTION}\..*|color\.(ui|{SECTION}))$").out)
        rows = (row.partition("\n") for row in told.split("\0") if row)
        return cls({name.removeprefix(f"{SECTION}."): value for name, _, value in rows})

    @property
    def run_id(self) -> str | None:
        """muse-coord.runId: who runs here, when neither an option nor the environment says so."""
        return self.values.get("runid") or None

    @property
    def ttl(self) -> int:
        """muse-coord.ttl: the life of a reservation in seconds; 3600."""
        return self._number("ttl", 3600)

    @property
    def colour(self) -> str:
        """color.muse-coord, else color.ui: always, never, or auto."""
        value = self.values.get(f"color.{SECTION}") or self.values.get("color.ui") or "auto"
        return "never" if value in ("never", "false", "no", "off", "0") else "always" if value == "always" else "auto"

    def _number(self, name: str, default: int) -> int:
        value = self.values.get(name.lower(), "")
        if not value:
            return default
        try:
            return int(value)
        except ValueError:
            raise BadInput(
                f"{SECTION}.{name} is {value!r}, not a number of seconds",
                f"git config --unset {SECTION}.{name}",
            ) from None
