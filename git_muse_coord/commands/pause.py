"""The verb ``pause``."""

from __future__ import annotations

from collections.abc import Iterator

from git_muse_coord.commands.app import App
from git_muse_coord.commands.options import flag, option, verb
from git_muse_coord.coordinator.pause import PauseResult, pause_hooks
from git_muse_coord.model.moments import told_time
from git_muse_coord.ui.text import Line


def render(result: PauseResult) -> Iterator[Line]:
    """Whether the hooks are silent, and how that ends."""
    if not result.paused:
        yield ["The hooks of this clone speak again."]
        return
    # Without an end, none is made up: whoever paused it ends it.
    until = f" until {told_time(result.until)}" if result.until else ""
    yield [f"The hooks of this clone are silent{until}."]
    yield ["git muse-coord pause --off ends that."]


@verb(
    "pause",
    render,
    option(
        "--for",
        to="span",
        metavar="SPAN",
        help="How long: 30m, 1h, 2d; else until --off.",
    ),
    flag("--off", help="End the pause."),
)
def pause_command(
    app: App,
    span: str | None,
    off: bool,
) -> PauseResult:
    """Silence all hooks of this clone: those of git, and those of agents' programs.

    Nothing is checked, told or reserved by itself meanwhile; verbs work as ever. In one shell alone
    the variable MUSE_COORD=off does the same.
    """
    return pause_hooks(app.open(), for_=span, off=off)
