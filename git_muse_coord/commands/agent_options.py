"""What ``install`` and ``uninstall`` do for agents' programs, and the options that say for which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from git_muse_coord.commands.app import App
from git_muse_coord.commands.options import flag, option
from git_muse_coord.coordinator.session import Session
from git_muse_coord.integrations.agent_install import (
    AgentChange,
    install_agents,
    raise_first,
    uninstall_agents,
)
from git_muse_coord.integrations.agents_md import install_agents_md, uninstall_agents_md
from git_muse_coord.integrations.install import InstallResult, UninstallResult, one_at_a_time
from git_muse_coord.integrations.mcp_install import SERVED, install_servers, uninstall_servers
from git_muse_coord.model.errors import BadInput, MuseCoordError
from git_muse_coord.model.wording import few
from git_muse_coord.store.agents.installed import worktrees_without
from git_muse_coord.store.agents.mcp_entries import MCP_PROGRAMS, McpProgram
from git_muse_coord.store.agents.places import AgentPlaces
from git_muse_coord.store.agents.programs import AGENT_PROGRAMS, AgentProgram
from git_muse_coord.store.git.process import Git

ALL = "all"
_WITH_HOOKS = "agents"
"""Stands for the programs whose hooks are asked for, too."""
_NAMES = [program.name for program in AGENT_PROGRAMS]
_SERVED = [program.place.name for program in MCP_PROGRAMS]

AGENT_OPTIONS = (
    option(
        "--agent",
        to="agents",
        kind=[*_NAMES, ALL],
        metavar="NAME",
        multiple=True,
        help=f"The hooks of agents' programs: {', '.join(_NAMES)}, or all.",
    ),
    option(
        "--mcp",
        to="servers",
        kind=[*_SERVED, ALL, _WITH_HOOKS],
        metavar="[NAME]",
        multiple=True,
        alone=_WITH_HOOKS,
        help=f"The MCP server, for agents' programs to start: {', '.join(_SERVED)}, or all;"
        " without a name, those of --agent. Hooks that can call it do so, and start no process.",
    ),
    flag("--user", help="Hooks and server for all your repositories, not this one."),
    flag("--agents-md", help="A few lines in AGENTS.md, for agents without hooks."),
)


class ForAgents(NamedTuple):
    """What was asked for: hooks and servers of these programs, here or for a user, and the lines in AGENTS.md."""

    names: Sequence[str]
    servers: Sequence[str]
    user: bool
    agents_md: bool

    @property
    def programs(self) -> list[AgentProgram]:
        """The programs that are named."""
        is_all = ALL in self.names
        return [program for program in AGENT_PROGRAMS if is_all or program.name in self.names]

    @property
    def served(self) -> list[McpProgram]:
        """The programs that are to start our server."""
        names = set(self.servers)
        if _WITH_HOOKS in names:
            names.update(self.names)
        is_all = ALL in names
        return [program for program in MCP_PROGRAMS if is_all or program.place.name in names]


def add_for_agents(
    app: App,
    result: InstallResult,
    wanted: ForAgents,
) -> None:
    """Install what was asked for, and add to an answer what was done and what is left to do."""
    if wanted.servers and not wanted.served:
        raise BadInput(
            "of the programs named, none can start an MCP server of ours",
            f"name one: --mcp {', '.join(_SERVED)} or {ALL}",
            result,
        )
    failures: list[MuseCoordError] = []
    if wanted.agents_md:
        try:
            result.agents += (_add_agents_md(app, result.dry_run),)
        except MuseCoordError as error:
            failures.append(error)
    if wanted.names:
        session, places, git = _target(app, wanted.user)
        with one_at_a_time(session, result.dry_run):
            done = install_agents(
                places,
                wanted.programs,
                git,
                dry_run=result.dry_run,
                served=[program.place.name for program in wanted.served],
            )
        # What was done is told also where something failed.
        result.agents += done.changes
        failures += done.failures
    if wanted.servers:
        _each_server(app, result, wanted, failures)
    if not result.dry_run:
        result.advice += tuple(_advice(app, result.agents, wanted.user))
        result.advice += tuple(_advice_on_calls(wanted))
    raise_first(failures, result)


def take_out_for_agents(
    app: App,
    result: UninstallResult,
    wanted: ForAgents,
) -> None:
    """Undo what was asked for, each on its own, and add that to an answer."""
    failures: list[MuseCoordError] = []
    if wanted.agents_md:
        try:
            result.agents += _take_out_agents_md(app)
        except MuseCoordError as error:
            failures.append(error)
    if wanted.names:
        session, places, git = _target(app, wanted.user)
        with one_at_a_time(session, False):
            done = uninstall_agents(places, wanted.programs, git)
        result.agents += done.changes
        failures += done.failures
    if wanted.servers:
        _each_server(app, result, wanted, failures)
    raise_first(failures, result)


def _each_server(
    app: App,
    result: InstallResult | UninstallResult,
    wanted: ForAgents,
    failures: list[MuseCoordError],
) -> None:
    """Add or take out the entries that start our server, each on its own."""
    session, places, _ = _target(app, wanted.user)
    dry_run = isinstance(result, InstallResult) and result.dry_run
    with one_at_a_time(session, dry_run):
        for program in wanted.served:
            try:
                if isinstance(result, InstallResult):
                    changes = install_servers(places, [program], dry_run=dry_run)
                else:
                    changes = uninstall_servers(places, [program])
                result.agents += tuple(changes)
            except MuseCoordError as error:
                failures.append(error)


def _add_agents_md(app: App, dry_run: bool) -> AgentChange:
    session = _session(app)
    with one_at_a_time(session, dry_run):
        return install_agents_md(_top(session), dry_run=dry_run)


def _take_out_agents_md(app: App) -> tuple[AgentChange, ...]:
    session = _session(app)
    with one_at_a_time(session, False):
        change = uninstall_agents_md(_top(session))
    return () if change is None else (change,)


def _target(app: App, user: bool) -> tuple[Session | None, AgentPlaces, Git]:
    """Where to work: the files, and the git whose configuration goes with them."""
    # What lies in your own settings is of no repository, and needs none.
    if user:
        return None, AgentPlaces(None, app.environment), Git(app.path)
    session = _session(app)
    places = AgentPlaces(_top(session), app.environment)
    return session, places, session.repository.git


def _session(app: App) -> Session:
    return app.session or app.open()


def _top(session: Session) -> str:
    # Without a working tree no program ever starts there.
    if session.repository.top is None:
        raise BadInput(
            "a bare repository has no files for agents",
            "work in one of its worktrees, or add --user",
        )
    return session.repository.top


def _advice(
    app: App,
    changes: Sequence[AgentChange],
    user: bool,
) -> Iterator[str]:
    """What only a person can do, for each program whose file was written."""
    # Who has them already was told before.
    written = [change.agent for change in changes if change.action in ("made", "added", "renewed")]
    programs = [program for program in AGENT_PROGRAMS if program.name in written]
    served = [server.place for server in MCP_PROGRAMS if server.place.name + SERVED in written]
    if not user and (programs or served):
        paths = ", ".join(program.path for program in (*programs, *served))
        yield f"Commit {paths}: then other worktrees and clones have it, too."
    if programs and not user:
        # Git's hooks serve all worktrees, so that one could expect the same here.
        without = worktrees_without(_session(app).repository, programs[0], app.environment)
        if without:
            yield f"Until then there is none in {few(without)}, unless you install it there, too."
    for program in programs:
        if program.wants:
            yield f"{program.title} wants {program.wants}."


def _advice_on_calls(wanted: ForAgents) -> Iterator[str]:
    """What hooks and server have to do with each other, of the programs that get both."""
    served = [program.place.name for program in wanted.served]
    both = [program for program in wanted.programs if program.name in served]
    for program in both:
        if program.calling:
            yield f"Hooks that call a tool need {program.title} {program.calls_since} or later."
    others = [program.title for program in both if not program.calling]
    if others:
        yield f"Hooks of {few(others)} do not call the server: each starts a process, as before."
