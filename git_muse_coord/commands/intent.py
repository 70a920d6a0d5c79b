"""The verb ``intent``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import LOCAL_ONLY, one_id, run_id_option
from git_muse_coord.commands.options import argument, option, verb
from git_muse_coord.coordinator.intent import IntentResult, intent
from git_muse_coord.model.moments import told_time
from git_muse_coord.model.records import INTENT_OPERATIONS, MAX_SECONDS
from git_muse_coord.model.wording import short_id
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.ui.text import (
    Line,
    Span,
    address_lines,
    count,
)


def render(result: IntentResult) -> Iterator[Line]:
    """What was announced, and until when it counts."""
    yield [
        Span(f"Announced {result.operation} of {count(len(result.addresses), 'address')}", "green")
    ]
    yield ["  Intent ID:      ", Span(short_id(result.intent_id), "bold")]
    yield [f"  Run-id:         {short_run_id(result.run_id)}"]
    yield from address_lines(result.addresses)
    if result.detail:
        yield [f"  Detail:         {result.detail}"]
    if result.reservation_id:
        yield [f"  Reservation ID: {short_id(result.reservation_id)}"]
    ends = "with the reservation, now" if result.reservation_id else "at"
    yield [f"  Ends:           {ends} {told_time(result.expires_at)}"]


@verb(
    "intent",
    render,
    argument("addresses", multiple=True, metavar="ADDR..."),
    option(
        "--op",
        kind=INTENT_OPERATIONS,
        required=True,
        help="What you mean to do.",
    ),
    option("--detail", metavar="TEXT", help="How, for those who meet it."),
    option(
        "--reservation-id",
        metavar="ID",
        check=one_id,
        help="The reservation that this belongs to: its run and its end.",
    ),
    run_id_option(),
    option(
        "--ttl",
        kind=int,
        metavar="SECONDS",
        help=f"Life of an intent that stands alone, 1 to {MAX_SECONDS} (3600).",
    ),
    LOCAL_ONLY,
)
def intent_command(
    app: App,
    addresses: Sequence[str],
    run_id: str | None,
    **options: Any,
) -> IntentResult:
    """Say what you mean to do to files or symbols, so that forecast can tell who collides with it.

    ADDR as in reserve; with --reservation-id and no ADDR: all addresses of the reservation.
    """
    return intent(app.open(), addresses, run_id=run_id, **options)
