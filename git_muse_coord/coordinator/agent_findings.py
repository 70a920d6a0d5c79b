"""What ``doctor`` says of the hooks of agents' programs: an edit is played through each that is installed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from git_muse_coord.coordinator.answers.finding import (
    Finding,
    broken,
    doubtful,
    well,
)
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.wording import few
from git_muse_coord.store.agents.installed import Installed, installed_in, worktrees_without
from git_muse_coord.store.agents.mcp_entries import is_server_named
from git_muse_coord.store.agents.places import AgentPlaces
from git_muse_coord.store.agents.programs import AGENT_PROGRAMS, AgentProgram, command_line
from git_muse_coord.store.agents.proof import (
    BARE_PATH,
    is_on_bare_path,
    play_call,
    play_edit,
)


def agent_findings(session: Session, environment: Mapping[str, str]) -> Iterator[Finding]:
    """The hooks in this working tree and in the user's own settings, and whether programs find ours at all."""
    top = session.repository.top
    if top is None:
        return
    here = AgentPlaces(top, environment)
    of_user = AgentPlaces(None, environment)
    is_any = False
    for program in AGENT_PROGRAMS:
        remedy = f"git muse-coord install --agent {program.name}"
        installed_for_user = installed_in(of_user, program)
        if installed_for_user is not None:
            is_any = True
            yield _hook(
                program,
                installed_for_user,
                f"{remedy} --user",
                top,
                environment,
            )
        installed_here = installed_in(here, program)
        if installed_here is not None:
            is_any = True
            yield _hook(
                program,
                installed_here,
                remedy,
                top,
                environment,
            )
        # Git's hooks serve all worktrees, those of programs only the tree in which they lie.
        if installed_here is not None and installed_for_user is None:
            yield from _elsewhere(session, program, environment)
    if here.has_plugin:
        is_any = True
        yield _plugin(top, environment)
    if not is_any:
        yield well(
            "agents", "none has hooks of ours; git muse-coord install --agent NAME adds them"
        )
    elif not is_on_bare_path():
        yield doubtful(
            "bare shell",
            f"git-muse-coord is not in {BARE_PATH}: a program started from a desktop may not find it",
            'link it there: ln -s "$(command -v git-muse-coord)" /usr/local/bin/',
        )


def _elsewhere(
    session: Session,
    program: AgentProgram,
    environment: Mapping[str, str],
) -> Iterator[Finding]:
    without = worktrees_without(session.repository, program, environment)
    if without:
        yield doubtful(
            f"agent {program.name}",
            f"no hooks in {few(without)}",
            f"commit {program.path} and take it over there, or run install --agent there",
        )


def _plugin(top: str, environment: Mapping[str, str]) -> Finding:
    """Where a plugin lies is for its program to know; what it runs is the line that we would install."""
    (claude,) = [program for program in AGENT_PROGRAMS if program.name == "claude"]
    if play_edit(claude, command_line(claude.name), top, environment):
        return well(
            "agent claude", "the plugin muse-coord is on, and an edit by its line reaches us"
        )
    return broken(
        "agent claude",
        "the plugin muse-coord is on, but an edit by its line does not reach us",
        "put the folder of git-muse-coord on the PATH",
    )


def _hook(
    program: AgentProgram,
    installed: Installed,
    remedy: str,
    top: str,
    environment: Mapping[str, str],
) -> Finding:
    label = f"agent {program.name}"
    if installed.line is None:
        detail = f"{installed.path} calls nothing of ours before an edit"
        return doubtful(label, detail, remedy)
    if not play_edit(program, installed.line, top, environment):
        detail = f"an edit played through {installed.path} does not reach us"
        return broken(label, detail, f"put the folder of git-muse-coord on the PATH, or {remedy}")
    if installed.calls_server:
        remedy = f"{remedy} --mcp"
    if not installed.is_of_today:
        return doubtful(label, f"the entries in {installed.path} are of another version", remedy)
    if installed.calls_server:
        return _server(program, installed, remedy, top, environment)
    return well(label, f"an edit played through {installed.path} reaches us{_wants(program)}")


def _wants(program: AgentProgram) -> str:
    """What only a person can do cannot be seen from here, so it is said each time."""
    return f"; {program.title} wants {program.wants}" if program.wants else ""


def _server(
    program: AgentProgram,
    installed: Installed,
    remedy: str,
    top: str,
    environment: Mapping[str, str],
) -> Finding:
    """What to say of hooks that call our server: where it is not up a process answers, and nobody would notice."""
    label = f"agent {program.name}"
    without = "each edit starts a process, as without a server"
    places = (AgentPlaces(top, environment), AgentPlaces(None, environment))
    if not is_server_named(places, program.name):
        detail = f"{installed.path} calls a server of which {program.title} is not told: {without}"
        return doubtful(label, detail, remedy)
    if not play_call(program, top, environment):
        detail = f"the server that {installed.path} calls does not come up: {without}"
        return doubtful(label, detail, "install git-muse-coord[mcp]")
    wants = _wants(program)
    return well(label, f"an edit played through {installed.path} reaches us, by the server{wants}")
