"""The verb ``take``."""

from __future__ import annotations

from git_muse_coord.commands import reserve
from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import (
    LOCAL_ONLY,
    all_findings_flag,
    one_id,
    run_id_option,
)
from git_muse_coord.commands.options import argument, option, verb
from git_muse_coord.coordinator.take import TakeResult, take
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.moments import told_time
from git_muse_coord.model.records import MAX_SECONDS
from git_muse_coord.model.wording import short_id
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.ui.text import Line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def render(result: TakeResult, *, lists_all: bool = False) -> Iterator[Line]:
    """As for ``reserve``, and whose it was."""
    yield from reserve.render(result, lists_all=lists_all)
    holder = short_run_id(result.taken_from_run_id)
    yield [f"  Taken from:     run-id '{holder}', {short_id(result.taken_from)}"]
    yield [f"                  last heard of {told_time(result.last_heard_of)}"]


@verb(
    "take",
    render,
    argument("id", metavar="ID", check=one_id),
    option(
        "--reason",
        required=True,
        metavar="TEXT",
        help="Why, for the old holder and all who meet it.",
    ),
    run_id_option(),
    option(
        "--ttl",
        kind=int,
        metavar="SECONDS",
        help=f"Life of the new reservation, 1 to {MAX_SECONDS} (3600).",
    ),
    LOCAL_ONLY,
    all_findings_flag(),
)
def take_command(app: App, **options: Any) -> TakeResult:
    """Take over what an agent holds that is dead.

    You get a reservation of the same addresses and operation, and the old one is released as
    abandoned: both or none. Who waits for the old one waits for yours; its holder, should it live,
    is told by its next status, heartbeat or commit.
    """
    app.render = lambda result: render(result, lists_all=app.lists_all)
    return take(app.open(), **options)
