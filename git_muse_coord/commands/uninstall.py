"""The verb ``uninstall``."""

from __future__ import annotations

from collections.abc import Iterable

from git_muse_coord.commands.common import App, verb
from git_muse_coord.commands.install import hook_table
from git_muse_coord.integrations.install import InstallCase, UninstallResult
from git_muse_coord.ui.text import Line


def render(result: UninstallResult) -> Iterable[Line]:
    """What was undone."""
    return hook_table(result.hooks) if result.hooks else [["Nothing of ours is installed here."]]


@verb("uninstall", render)
def uninstall_command(app: App) -> UninstallResult:
    """Undo all that install did in this repository, byte for byte.

    What others wrote into the same files since stays.
    """
    return app.open(InstallCase).uninstall()
