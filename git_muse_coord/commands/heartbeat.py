"""The verb ``heartbeat``."""

from __future__ import annotations

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import (
    ALL_HELD,
    LOCAL_ONLY,
    id_list,
    run_id_option,
)
from git_muse_coord.commands.options import argument, option, verb
from git_muse_coord.coordinator.heartbeat import HeartbeatResult, heartbeat
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.moments import told_time
from git_muse_coord.model.wording import short_id
from git_muse_coord.ui.text import (
    Cell,
    Line,
    Span,
    at_most,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any


_SHOWN = 20


def render(result: HeartbeatResult) -> Iterator[Line]:
    """One line a reservation; the failure tells which of them are over."""
    if any(beat.status != "ok" for beat in result.heartbeats):
        return
    rows: list[Sequence[Cell]] = []
    for beat in result.heartbeats:
        expires = f"expires {told_time(beat.expires_at)}" if beat.expires_at else ""
        rows.append((short_id(beat.reservation_id), Span(beat.status, "green"), expires))
    # Nothing is extended where nothing is held; the error says so.
    if rows:
        yield from at_most(_SHOWN, table(rows))


@verb(
    "heartbeat",
    render,
    argument(
        "ids",
        multiple=True,
        metavar="[ID]...",
        check=id_list,
    ),
    ALL_HELD,
    run_id_option(),
    option(
        "--extension",
        kind=int,
        metavar="SECONDS",
        help="Life from now on (muse-coord.ttl, 3600).",
    ),
    LOCAL_ONLY,
)
def heartbeat_command(app: App, **options: Any) -> HeartbeatResult:
    """Keep reservations alive: all that are named, or none.

    Exit 4 means: one of them is released, expired or unknown, so stop work on it.
    """
    return heartbeat(app.open(), **options)
