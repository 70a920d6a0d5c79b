"""The verb ``log``."""

from __future__ import annotations

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import OVERLAPPING
from git_muse_coord.commands.options import flag, option, verb
from git_muse_coord.coordinator.log import (
    SHOWN_MOST,
    LogEvent,
    LogResult,
    log,
)
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.moments import told_time
from git_muse_coord.model.wording import few, quoted, short_id
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.ui.text import Line, Span, padded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_PLACES_MOST = 3
_TEXT_MOST = 200
_EVENT_WIDTH = 11
_STYLES = {
    "reserved": "green",
    "landed": "green",
    "overridden": "yellow",
    "changed": "cyan",
}


def render(result: LogResult) -> Iterator[Line]:
    """Each event, what it was about, and what somebody wrote of it."""
    yield from _names(result)
    # What happened stands in one line, what it was about below it.
    for event in result.events:
        head = Span(event.event, _STYLES.get(event.event, "bold"))
        yield [Span(f"{told_time(event.at)}", "dim"), f"  {_who(event)} ", head, *_about(event)]
        if event.addresses:
            yield [f"    {few(event.addresses, _PLACES_MOST)}"]
        if event.text:
            yield ["    ", quoted(event.text, _TEXT_MOST)]
    yield from _end(result)


def render_oneline(result: LogResult) -> Iterator[Line]:
    """One line an event."""
    yield from _names(result)
    for event in result.events:
        head = Span(padded(event.event, _EVENT_WIDTH), _STYLES.get(event.event, "bold"))
        what = few(event.addresses, 1)
        yield [Span(told_time(event.at), "dim"), " ", head, f"{_who(event)} {what}", *_about(event)]
    yield from _end(result)


def _names(result: LogResult) -> Iterator[Line]:
    # One name is the one that was asked for.
    if len(result.names) > 1:
        yield [Span("Names, newest first: ", "bold"), ", ".join(result.names)]


def _end(result: LogResult) -> Iterator[Line]:
    if not result.events:
        yield ["Nothing happened here, as far as is known."]
    if result.more:
        yield [Span("and more: -n 0 shows all", "dim")]


def _who(event: LogEvent) -> str:
    if event.run_id is not None:
        return short_run_id(event.run_id)
    return event.author or "somebody"


def _about(event: LogEvent) -> Iterator[Span]:
    """What an event is about, in a few words behind it."""
    if event.detail:
        yield Span(f", {event.detail}")
    if event.from_address:
        yield Span(f" from {event.from_address}")
    if event.whose:
        yield Span(f", of {short_run_id(event.whose)}")
    if event.until:
        yield Span(f", until {told_time(event.until)}")
    if event.branch:
        yield Span(f", on {event.branch}")
    if event.commit:
        yield Span(f"  {short_id(event.commit)}", "cyan")
    elif event.reservation_id:
        yield Span(f"  {short_id(event.reservation_id)}", "dim")


@verb(
    "log",
    render,
    option(
        "-L",
        to="follow_symbol",
        metavar="ADDR",
        help="Follow a symbol through its renames.",
    ),
    OVERLAPPING,
    option("--run-id", metavar="NAME", help="Only what this run did, or what was done to its own."),
    option("--branch", metavar="NAME", help="Only reservations of this branch."),
    option("--since", metavar="TIME", help="Only since then, as git takes times."),
    option(
        "-n",
        to="most",
        kind=int,
        default=SHOWN_MOST,
        metavar="N",
        shows_default=True,
        help="At most so many events; 0 shows all.",
    ),
    flag("--oneline", help="One line an event."),
)
def log_command(
    app: App,
    oneline: bool,
    most: int,
    **options: Any,
) -> LogResult:
    """Show what happened, newest first: reserved, extended, met, overridden, released, landed.

    From live records, the archive and the notes on commits. With -L also which commits changed a
    symbol, under all names that it had.
    """
    # How it looks is no affair of who tells it.
    if oneline:
        app.render = render_oneline
    # Where the common option cuts, it tells how many more there are, so all are looked for.
    if app.limit is not None:
        most = 0
    return log(app.open(), most=most, **options)
