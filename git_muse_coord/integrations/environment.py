"""What the environment says: who we are, by what a person set or which agent's program started us, and to be silent."""

from __future__ import annotations

from git_muse_coord.model.identity import MARKS, SESSIONS, VARIABLE
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from git_muse_coord.model.identity import Identity

SILENT_VARIABLE = "MUSE_COORD"
"""Says ``off`` where the hooks of a shell, and of what it starts, are to be silent."""


def claimed(environment: Mapping[str, str]) -> Identity | None:
    """Who runs by the variables, or None where they do not tell."""
    variables = (VARIABLE, *SESSIONS, *MARKS)
    # Most environments say nothing, and then nothing is loaded that could judge it.
    if not any(map(environment.get, variables)):
        return None
    from git_muse_coord.rules.identity import of_environment

    return of_environment(environment, _ancestors)


def _ancestors() -> Iterable[Sequence[str]]:
    # Processes are read only where several programs of agents are in play.
    from git_muse_coord.store.git.ancestors import ancestors

    for process in ancestors():
        yield process.words


def is_silent(environment: Mapping[str, str]) -> bool:
    """Whether the environment wants hooks to do nothing."""
    return environment.get(SILENT_VARIABLE) == "off"
