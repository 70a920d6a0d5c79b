"""The verb ``list``."""

from __future__ import annotations

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import OVERLAPPING
from git_muse_coord.commands.held_table import held_table
from git_muse_coord.commands.options import flag, option, verb
from git_muse_coord.coordinator.list import ListResult, list_reservations
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.ui.text import Line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


def render(result: ListResult) -> Iterable[Line]:
    """A table, or a sentence when there is nothing."""
    return held_table(result.reservations) if result.reservations else [["No reservations."]]


@verb(
    "list",
    render,
    flag("--all", help="Released and expired ones too."),
    option("--run-id", metavar="NAME", help="Only of this run."),
    flag("--mine", help="Only of the run that you are."),
    option("--branch", metavar="NAME", help="Only of this branch."),
    OVERLAPPING,
    flag("--conflicts", help="Only what another holder's reservation overlaps."),
)
def list_command(app: App, **options: Any) -> ListResult:
    """Show the active reservations, oldest first."""
    # The whole list is in memory once: a table needs the widest cell of all.
    return list_reservations(app.open(), **options)
