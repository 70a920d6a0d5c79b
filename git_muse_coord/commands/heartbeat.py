"""The verb ``heartbeat``."""

from __future__ import annotations

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import ALL_HELD, LOCAL_ONLY, id_list, run_id_option
from git_muse_coord.commands.options import argument, option, verb
from git_muse_coord.coordinator.heartbeat import EXTENSION, HeartbeatResult, heartbeat
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.wording import short_id
from git_muse_coord.ui.text import Cell, Line, Span, clock, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any


def render(result: HeartbeatResult) -> Iterator[Line]:
    """One line a reservation."""
    rows: list[Sequence[Cell]] = []
    for beat in result.heartbeats:
        style = "green" if beat.status == "ok" else "yellow"
        expires = f"expires {clock(beat.expires_at)} UTC" if beat.expires_at else ""
        rows.append((short_id(beat.reservation_id), Span(beat.status, style), expires))
    # Nothing is extended where nothing is held; the error says so.
    if rows:
        yield from table(rows)


@verb(
    "heartbeat",
    render,
    argument("ids", multiple=True, metavar="[ID]...", check=id_list),
    ALL_HELD,
    run_id_option(),
    option(
        "--extension",
        kind=int,
        default=EXTENSION,
        shows_default=True,
        metavar="SECONDS",
        help="Life from now on.",
    ),
    LOCAL_ONLY,
)
def heartbeat_command(app: App, **options: Any) -> HeartbeatResult:
    """Keep reservations alive: all that are named, or none.

    Exit 4 means: one of them is released, expired or unknown, so stop work on it.
    """
    return heartbeat(app.open(), **options)
