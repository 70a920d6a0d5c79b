"""The verb ``uninstall``."""

from __future__ import annotations

from collections.abc import Iterable

import click

from git_muse_coord.commands.common import App, verb
from git_muse_coord.commands.install import change_table, share_folder
from git_muse_coord.integrations.install import UninstallResult, uninstall
from git_muse_coord.integrations.user_files import MAN, SHELLS, UserFiles
from git_muse_coord.ui.text import Line


def render(result: UninstallResult) -> Iterable[Line]:
    """What was undone."""
    return change_table(result.hooks, result.files) or [["Nothing of ours is installed here."]]


@verb("uninstall", render)
@click.option("--hooks", is_flag=True, help="The git hooks, as when nothing is named.")
@click.option("--completion", is_flag=True, help="Your completions.")
@click.option("--man", is_flag=True, help="Your man page.")
def uninstall_command(
    app: App,
    hooks: bool,
    completion: bool,
    man: bool,
) -> UninstallResult:
    """Undo all that install did in this repository, or with options what they name, byte for byte.

    What others wrote into the same files since stays.
    """
    # Completion and man page need no repository.
    result = uninstall(app.open()) if hooks or not (completion or man) else UninstallResult()
    names: list[str] = []
    if completion:
        names += SHELLS
    if man:
        names.append(MAN)
    result.files = UserFiles(share_folder(app.environment)).uninstall(names)
    return result
