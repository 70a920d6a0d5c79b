"""The verb ``uninstall``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from git_muse_coord.commands.agent_options import (
    AGENT_OPTIONS,
    ALL,
    ForAgents,
    take_out_for_agents,
)
from git_muse_coord.commands.app import App
from git_muse_coord.commands.install import change_table, share_folder
from git_muse_coord.commands.options import flag, verb
from git_muse_coord.commands.purging import (
    PURGE_OPTIONS,
    Purging,
    agreed_plan,
    purge_lines,
)
from git_muse_coord.coordinator.sync_consent import withdraw
from git_muse_coord.integrations.install import UninstallResult, uninstall
from git_muse_coord.integrations.user_files import MAN, SHELLS, UserFiles
from git_muse_coord.ui.text import Line


def render(result: UninstallResult) -> Iterable[Line]:
    """What was undone."""
    lines = change_table(result)
    if result.sync is not None:
        lines.append([f"No more sync in the background with {result.sync.remote}."])
    if result.purge is not None:
        lines += purge_lines(result.purge)
    return lines or [["Nothing of ours is installed here."]]


@verb(
    "uninstall",
    render,
    flag("--hooks", help="The git hooks."),
    *AGENT_OPTIONS,
    flag("--sync", help="The sync in the background."),
    flag("--completion", help="Your completions."),
    flag("--man", help="Your man page."),
    *PURGE_OPTIONS,
)
def uninstall_command(
    app: App,
    hooks: bool,
    agents: Sequence[str],
    servers: Sequence[str],
    user: bool,
    agents_md: bool,
    sync: bool,
    completion: bool,
    man: bool,
    purge: bool,
    remote: bool,
    yes: bool,
) -> UninstallResult:
    """Undo all that install did in this repository, or with options what they name, byte for byte.

    What others wrote into the same files since stays. With --purge nothing of ours stays in this
    clone; with --remote nothing at the remote, after a question, and not where others were at work
    in the last 7 days, unless you say --yes.
    """
    # What is deleted for everybody is looked at and agreed to before anything is undone.
    plan = agreed_plan(app, Purging(purge, remote, yes))
    is_all = not (hooks or agents or servers or user or agents_md or sync or completion or man)
    # Completion, man page and what lies in your own settings need no repository.
    result = uninstall(app.open()) if hooks or is_all else UninstallResult()
    if sync or is_all:
        result.sync = withdraw(app.session or app.open())
    names: list[str] = []
    if completion:
        names += SHELLS
    if man:
        names.append(MAN)
    result.files = UserFiles(share_folder(app.environment)).uninstall(names)
    if is_all:
        agents_md = has_files = app.open().repository.top is not None
        agents = servers = [ALL] if has_files else []
    elif user and not (agents or servers):
        agents = servers = [ALL]
    # Last, because a file may have to be left.
    take_out_for_agents(app, result, ForAgents(agents, servers, user, agents_md))
    if purge:
        from git_muse_coord.coordinator.purge import purge as purge_clone

        result.purge = purge_clone(app.open(), plan)
    return result
