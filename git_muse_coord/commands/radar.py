"""The verb ``radar``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from git_muse_coord.commands.app import App
from git_muse_coord.commands.options import flag, option, verb
from git_muse_coord.commands.radar_table import radar_lines
from git_muse_coord.coordinator.radar import RadarResult, radar
from git_muse_coord.ui.text import Line


def render(result: RadarResult) -> Iterator[Line]:
    """The matrix and the pairs."""
    return radar_lines(result.sides, result.pairs, result.hidden)


@verb(
    "radar",
    render,
    option(
        "--min-confidence",
        kind=float,
        default=0.0,
        metavar="P",
        help="Only pairs that are at least so likely to conflict, 0 to 1.",
    ),
    flag("--strict", help="Exit 2 if two of them conflict as they are now."),
)
def radar_command(app: App, **options: Any) -> RadarResult:
    """Show where branches and worktrees meet in what they hold now.

    Nobody needs to have announced anything: changes of tracked files count before they are
    committed. Each two are merged in memory; nothing is written. The percentage says how probable
    it is that they conflict when both are finished, and ! that git could not merge them now.
    """
    return radar(app.open(), **options)
