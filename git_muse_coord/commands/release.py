"""The verb ``release``."""

from __future__ import annotations

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import (
    ALL_HELD,
    LOCAL_ONLY,
    id_or_address_list,
    run_id_option,
)
from git_muse_coord.commands.options import (
    argument,
    flag,
    option,
    verb,
)
from git_muse_coord.coordinator.release import OUTCOMES, ReleaseResult, release
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.moments import told_time
from git_muse_coord.model.wording import and_more, short_id
from git_muse_coord.ui.text import (
    Line,
    Span,
    address_lines,
    at_most,
    count,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any


_SHOWN = 10


def render(result: ReleaseResult) -> Iterator[Line]:
    """What was released, and who can go on."""
    yield [Span(f"Released {count(len(result.released), 'reservation')}", "green")]
    yield from _ids(result.released)
    for rest in result.remainders[:_SHOWN]:
        until = f"until {told_time(rest.expires_at)}"
        yield [f"Still held {until}, as {short_id(rest.reservation_id)}:"]
        yield from address_lines(rest.addresses)
    left = len(result.remainders) - _SHOWN
    if left > 0:
        yield [f"{and_more(left)} still held in part: git muse-coord list --mine"]
    if result.became_ready:
        yield [f"Ready now ({len(result.became_ready)}):"]
        yield from _ids(result.became_ready)


def _ids(ids: Sequence[str]) -> Iterator[Line]:
    lines = [[f"  {short_id(reservation_id)}"] for reservation_id in ids]
    return at_most(_SHOWN, lines, indent="  ")


@verb(
    "release",
    render,
    argument(
        "ids",
        multiple=True,
        metavar="[ID|ADDR]...",
        check=id_or_address_list,
    ),
    ALL_HELD,
    run_id_option(),
    flag("--force", help="Also what another run holds."),
    option(
        "--outcome",
        kind=OUTCOMES,
        default="done",
        shows_default=True,
        help="How the work ended.",
    ),
    LOCAL_ONLY,
)
def release_command(app: App, **options: Any) -> ReleaseResult:
    """Let go of reservations: all that are named, or none.

    ADDR lets go of all that you hold there and inside of it. Of a reservation that holds more, the
    rest stays held, as one of its own. What could be an id is one; write ./abcdef0 for a file of
    such a name.
    """
    return release(app.open(), **options)
