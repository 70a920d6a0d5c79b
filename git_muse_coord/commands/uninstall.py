"""The verb ``uninstall``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from git_muse_coord.commands.agent_options import ALL, ForAgents, agent_options, take_out_for_agents
from git_muse_coord.commands.common import App, verb
from git_muse_coord.commands.install import change_table, share_folder
from git_muse_coord.coordinator.sync_consent import withdraw
from git_muse_coord.integrations.install import UninstallResult, uninstall
from git_muse_coord.integrations.user_files import MAN, SHELLS, UserFiles
from git_muse_coord.ui.text import Line


def render(result: UninstallResult) -> Iterable[Line]:
    """What was undone."""
    lines = change_table(result)
    if result.sync is not None:
        lines.append([f"No more sync in the background with {result.sync.remote}."])
    return lines or [["Nothing of ours is installed here."]]


@verb("uninstall", render)
@click.option("--hooks", is_flag=True, help="The git hooks.")
@agent_options
@click.option("--sync", is_flag=True, help="The sync in the background.")
@click.option("--completion", is_flag=True, help="Your completions.")
@click.option("--man", is_flag=True, help="Your man page.")
def uninstall_command(
    app: App,
    hooks: bool,
    agents: Sequence[str],
    user: bool,
    agents_md: bool,
    sync: bool,
    completion: bool,
    man: bool,
) -> UninstallResult:
    """Undo all that install did in this repository, or with options what they name, byte for byte.

    What others wrote into the same files since stays.
    """
    is_all = not (hooks or agents or user or agents_md or sync or completion or man)
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
        agents = [ALL] if has_files else []
    elif user and not agents:
        agents = [ALL]
    # Last, because a file may have to be left.
    take_out_for_agents(app, result, ForAgents(agents, user, agents_md))
    return result
