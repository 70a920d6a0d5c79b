"""The verb ``install``."""

from __future__ import annotations

import os
from collections.abc import (
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)

from git_muse_coord.commands.agent_options import AGENT_OPTIONS, ForAgents, add_for_agents
from git_muse_coord.commands.app import App
from git_muse_coord.commands.options import flag, option, verb
from git_muse_coord.coordinator.sync_consent import SyncConsent, consent
from git_muse_coord.integrations.agent_install import AgentChange
from git_muse_coord.integrations.hook_steps import HookChange
from git_muse_coord.integrations.install import InstallResult, UninstallResult, install
from git_muse_coord.integrations.mcp_install import SERVED
from git_muse_coord.integrations.user_files import MAN, SHELLS, UserFiles
from git_muse_coord.model.errors import BadInput
from git_muse_coord.ui.text import (
    Cell,
    Line,
    Span,
    table,
)

_STYLES = {
    "present": "dim",
    "by hand": "yellow",
    "kept": "yellow",
}
_OWN = "auto"
_OWN_REMOTE = ""


def change_table(result: InstallResult | UninstallResult) -> list[Line]:
    """What was done, a line a hook or file."""
    rows: list[Sequence[Cell]] = []
    for hook in result.hooks:
        rows.append((hook.hook, _action(hook.action), hook.path))
    for agent in result.agents:
        rows.append((agent.agent, _action(agent.action), agent.path))
    for file in result.files:
        rows.append((file.file, _action(file.action), file.path))
    return table(rows)


def _action(action: str) -> Span:
    return Span(action, _STYLES.get(action, "green"))


def render(result: InstallResult) -> Iterator[Line]:
    """What was done for each hook and file, and what is left to do."""
    if result.dry_run:
        yield ["Nothing was changed. This would be done:"]
    if result.owner:
        yield [f"The hooks here are in the hands of {result.owner}."]
    if result.sync is not None:
        yield from _agreement(result.sync)
    yield from change_table(result)
    for hook in result.hooks:
        yield from _lines_to_write(hook.hook, hook, result.dry_run)
    for agent in result.agents:
        yield from _lines_to_write(agent.agent, agent, result.dry_run)
    if result.advice:
        yield []
        for line in result.advice:
            yield [line]
    # Only what git or a program runs by itself can be proved.
    runs_hooks = result.hooks or any(not agent.agent.endswith(SERVED) for agent in result.agents)
    if result.dry_run:
        return
    if runs_hooks:
        yield ["git muse-coord doctor proves that they work; git muse-coord uninstall undoes this."]
    elif result.agents:
        yield ["git muse-coord uninstall undoes this."]


def _agreement(sync: SyncConsent) -> Iterator[Line]:
    """What a sync in the background means, before anything leaves the machine."""
    yield [Span(f"Sync in the background with {sync.remote}", "bold"), f" at {sync.address}"]
    # Nothing begins before the next verb or hook, so there is time to take it back.
    yield ["  From now on this leaves the machine, and others who sync with it can read it:"]
    for kind in sync.leaves:
        yield [f"    {kind}"]
    yield ["  git muse-coord uninstall --sync ends it; so does another address of the remote."]


def _lines_to_write(
    name: str,
    change: HookChange | AgentChange,
    dry_run: bool,
) -> Iterator[Line]:
    """The lines of a change, of interest where somebody else is to write them, or is asked whether we may."""
    is_asked = dry_run and change.action != "present"
    if not change.lines or not (is_asked or change.action == "by hand"):
        return
    yield []
    yield [Span(f"{name}: {change.path}", "bold")]
    for line in change.lines:
        yield [f"    {line}"]


@verb(
    "install",
    render,
    flag("--hooks", help="The git hooks, beside those that are there."),
    *AGENT_OPTIONS,
    option(
        "--completion",
        kind=[*SHELLS, _OWN],
        metavar="[SHELL]",
        alone=_OWN,
        help="Completion for bash, zsh or fish; without a name, for the shell that you use.",
    ),
    flag("--man", help="The man page, if man does not find it already."),
    option(
        "--sync",
        to="remote",
        metavar="[REMOTE]",
        alone=_OWN_REMOTE,
        help="Sync in the background with a remote, at its present address.",
    ),
    flag("--print", to="dry_run", help="Only show what would be done."),
)
def install_command(
    app: App,
    hooks: bool,
    agents: Sequence[str],
    servers: Sequence[str],
    user: bool,
    agents_md: bool,
    completion: str | None,
    man: bool,
    remote: str | None,
    dry_run: bool,
) -> InstallResult:
    """Install hooks of git or of agents' programs in this repository, or completion and man page for you.

    Nothing that is there is overwritten. Hooks of git serve the repository and its worktrees: our
    lines go to the top of a shell script, and anything else is kept beside and run. Hooks of agents'
    programs go into their settings in this working tree, or with --user into yours; with them, what
    an agent edits is reserved by itself. Completion and man page go to your own share folder,
    $XDG_DATA_HOME or ~/.local/share, and need no repository. git muse-coord uninstall leaves every
    file as it was.

    With --sync, verbs and hooks exchange records with the remote once a minute, in a process of its
    own; what leaves the machine is told first.
    """
    # Without a name, completion is for the shell that is in use.
    names = [_shell(completion, app.environment)] if completion else []
    names += [MAN] if man else []
    if not (hooks or agents or servers or agents_md or names) and remote is None:
        raise BadInput(
            "say what to install",
            "git muse-coord install --hooks, --agent NAME, --mcp NAME, --agents-md, --sync, --completion or --man",
        )
    result = install(app.open(), dry_run=dry_run) if hooks else InstallResult(dry_run=dry_run)
    if remote is not None:
        session = app.session or app.open()
        named = None if remote == _OWN_REMOTE else remote
        result.sync = consent(session, named, dry_run=dry_run)
    result = _with_files(result, UserFiles(share_folder(app.environment)), names)
    # Last, because some programs may refuse where all else is done.
    add_for_agents(app, result, ForAgents(agents, servers, user, agents_md))
    return result


def share_folder(environment: Mapping[str, str]) -> str:
    """Where a user's own completions and man pages lie."""
    folder = environment.get("XDG_DATA_HOME", "")
    # The specification says to ignore a relative one.
    return folder if os.path.isabs(folder) else os.path.expanduser("~/.local/share")


def _shell(named: str, environment: Mapping[str, str]) -> str:
    shell = os.path.basename(environment.get("SHELL", "")) if named == _OWN else named
    if shell not in SHELLS:
        raise BadInput(
            f"SHELL is {shell!r}, for which there is no completion",
            f"name one: {', '.join(SHELLS)}",
        )
    return shell


def _with_files(
    result: InstallResult,
    places: UserFiles,
    names: Iterable[str],
) -> InstallResult:
    for name in names:
        changes = places.install(name, dry_run=result.dry_run)
        result.files += changes
        if changes[0].action == "made" and not result.dry_run:
            result.advice += places.advice(name)
    kept = [file.path for file in result.files if file.action == "kept"]
    # A file of somebody else is never overwritten, and never passed over in silence.
    if kept and not result.dry_run:
        raise BadInput(
            f"not of our making, and left as it is: {', '.join(kept)}",
            "move it elsewhere, then try again",
            result,
        )
    return result
