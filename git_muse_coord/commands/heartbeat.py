"""The verb ``heartbeat``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from git_muse_coord.commands.common import App, id_list, run_id_option, verb
from git_muse_coord.coordinator.heartbeat import EXTENSION, HeartbeatResult, heartbeat
from git_muse_coord.ui.text import Line, Span, clock, table


def render(result: HeartbeatResult) -> Iterator[Line]:
    """One line a reservation."""
    if result.heartbeats:
        yield from table(
            [
                one.reservation_id,
                Span(one.status, "green" if one.status == "ok" else "yellow"),
                f"expires {clock(one.expires_at)} UTC" if one.expires_at else "",
            ]
            for one in result.heartbeats
        )


@verb("heartbeat", render)
@click.argument("ids", nargs=-1, metavar="[ID]...", callback=id_list)
@click.option("--all", is_flag=True, help="Every active reservation of this run.")
@run_id_option()
@click.option(
    "--extension",
    type=int,
    default=EXTENSION,
    show_default=True,
    metavar="SECONDS",
    help="Life from now on.",
)
@click.option(
    "--local", is_flag=True, help="Do not sync afterwards, whatever muse-coord.autoSync says."
)
def heartbeat_command(app: App, **options: Any) -> HeartbeatResult:
    """Keep reservations alive: all that are named, or none.

    Exit 4 means: one of them is released, expired or unknown, so stop work on it.
    """
    return heartbeat(app.open(), **options)
