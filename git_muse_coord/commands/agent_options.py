"""What ``install`` and ``uninstall`` do for agents' programs, and the options that say for which."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

import click

from git_muse_coord.commands.common import App
from git_muse_coord.integrations.agent_install import (
    AgentChange,
    install_agents,
    raise_first,
    uninstall_agents,
)
from git_muse_coord.integrations.install import InstallResult, UninstallResult, one_at_a_time
from git_muse_coord.model.errors import BadInput
from git_muse_coord.store.agents.places import AgentPlaces
from git_muse_coord.store.agents.programs import AGENT_PROGRAMS, AgentProgram
from git_muse_coord.store.git.process import Git

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
_ALL = "all"
_NAMES = [program.name for program in AGENT_PROGRAMS]


class _Target(NamedTuple):
    """Where to work: the files, and the git whose configuration goes with them."""

    places: AgentPlaces
    git: Git


def agent_options(function: Decorated) -> Decorated:
    """Add ``--agent`` and ``--user``."""
    function = click.option(
        "--user", is_flag=True, help="Hooks of agents for all your repositories, not this one."
    )(function)
    return click.option(
        "--agent",
        "agents",
        type=click.Choice([*_NAMES, _ALL]),
        metavar="NAME",
        multiple=True,
        help=f"The hooks of agents' programs: {', '.join(_NAMES)}, or all.",
    )(function)


def add_agents(
    app: App,
    result: InstallResult,
    names: Sequence[str],
    user: bool,
) -> None:
    """Install the hooks of programs, and add to an answer what was done and what is left to do."""
    with _target(app, user, result.dry_run) as target:
        done = install_agents(
            target.places,
            _chosen(names),
            target.git,
            dry_run=result.dry_run,
        )
    # What was done is told also where something failed.
    result.agents = done.changes
    if not result.dry_run:
        result.advice += tuple(_advice(done.changes, user))
    raise_first(done.failures, result)


def take_out_agents(
    app: App,
    result: UninstallResult,
    names: Sequence[str],
    user: bool,
) -> None:
    """Take out the hooks of programs, all where none is named, and add that to an answer."""
    with _target(app, user, dry_run=False) as target:
        # As with hooks of git, who names nothing means all.
        done = uninstall_agents(target.places, _chosen(names or [_ALL]), target.git)
    result.agents = done.changes
    raise_first(done.failures, result)


@contextmanager
def _target(
    app: App,
    user: bool,
    dry_run: bool,
) -> Iterator[_Target]:
    # What lies in your own settings is of no repository, and needs none.
    if user:
        yield _Target(AgentPlaces(None, app.environment), Git(app.path))
        return
    session = app.open()
    repository = session.repository
    # Without a working tree no program ever starts there.
    if repository.top is None:
        raise BadInput(
            "a bare repository has no settings of agents' programs",
            "work in one of its worktrees, or add --user",
        )
    with one_at_a_time(session, dry_run):
        yield _Target(AgentPlaces(repository.top, app.environment), repository.git)


def _chosen(names: Sequence[str]) -> list[AgentProgram]:
    is_all = _ALL in names
    return [program for program in AGENT_PROGRAMS if is_all or program.name in names]


def _advice(changes: Sequence[AgentChange], user: bool) -> Iterator[str]:
    """What only a person can do, for each program whose file was written."""
    # Who has them already was told before.
    written = [change.agent for change in changes if change.action in ("made", "added", "renewed")]
    programs = [program for program in AGENT_PROGRAMS if program.name in written]
    if programs and not user:
        paths = ", ".join(program.path for program in programs)
        yield f"Commit {paths}: then other worktrees and clones have it, too."
    for program in programs:
        if program.wants:
            yield f"{program.title} wants {program.wants}."
