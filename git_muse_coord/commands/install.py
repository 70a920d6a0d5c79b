"""The verb ``install``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from git_muse_coord.commands.common import App, verb
from git_muse_coord.integrations.install import HookChange, InstallCase, InstallResult
from git_muse_coord.ui.text import Line, Span, table

_STYLES = {"present": "dim", "by hand": "yellow"}


def hook_table(changes: Iterable[HookChange]) -> list[Line]:
    """What was done, a line a hook."""
    return table((one.hook, Span(one.action, _STYLES.get(one.action, "green")), one.path) for one in changes)


def render(result: InstallResult) -> Iterator[Line]:
    """What was done for each hook, and what is left to do."""
    if result.dry_run:
        yield ["Nothing was changed. This would be done:"]
    if result.owner:
        yield [f"The hooks here are in the hands of {result.owner}."]
    yield from hook_table(result.hooks)
    for one in result.hooks:
        if one.lines and (result.dry_run or one.action == "by hand"):
            yield []
            yield [Span(f"{one.hook}: {one.path}", "bold")]
            yield from ([f"    {line}"] for line in one.lines)
    if result.advice:
        yield []
        yield from ([line] for line in result.advice)
    if not result.dry_run:
        yield ["git muse-coord doctor proves that git reaches them; git muse-coord uninstall undoes this."]


@verb("install", render)
@click.option("--hooks", is_flag=True, help="The git hooks, beside those that are there.")
@click.option("--print", "dry_run", is_flag=True, help="Only show what would be done.")
def install_command(app: App, **options: bool) -> InstallResult:
    """Install the git hooks, in this repository and its worktrees.

    Nothing that is there is overwritten: our lines go to the top of a shell script, and anything else is kept beside
    and run. git muse-coord uninstall leaves every file as it was.
    """
    return app.open(InstallCase).install(**options)
