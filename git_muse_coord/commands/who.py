"""The verb ``who``."""

from __future__ import annotations

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import run_id_option
from git_muse_coord.commands.held_table import held_table
from git_muse_coord.commands.options import argument, verb
from git_muse_coord.coordinator.who import (
    InLine,
    Knows,
    LastHeld,
    WhoResult,
    who,
)
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.moments import told_time
from git_muse_coord.model.wording import few, quoted, short_id
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.ui.text import Line, Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_PLACES_MOST = 3
_TEXT_MOST = 100


def render(result: WhoResult) -> Iterator[Line]:
    """Who holds it, who waits, who was there before, and what to do now."""
    if result.holders:
        yield [Span(f"{result.address} is held:", "bold")]
        yield from held_table(result.holders)
    else:
        yield [Span(f"Nobody holds {result.address}.", "bold")]
    for waiter in result.waiting:
        yield [f"Waits: {_in_line(waiter)}"]
    if result.last is not None:
        yield [f"Held last by {_last(result.last)}"]
    if result.knows:
        names = map(_known, result.knows)
        yield [f"Likely to know: {'; '.join(names)}"]
    # As it can be typed, so that nobody has to put it together.
    for line in result.next:
        yield ["  ", Span(line, "cyan")]


def _in_line(waiter: InLine) -> str:
    text = f"run-id '{short_run_id(waiter.run_id)}', {few(waiter.addresses, _PLACES_MOST)}"
    return text if waiter.since is None else f"{text}, since {told_time(waiter.since)}"


def _last(last: LastHeld) -> str:
    text = f"run-id '{short_run_id(last.run_id)}', {few(last.addresses, _PLACES_MOST)}"
    text = f"{text}, {last.how} {told_time(last.ended_at)}"
    if last.commit is None:
        return text
    text = f"{text}, in commit {short_id(last.commit)}"
    return text if last.text is None else f"{text} {quoted(last.text, _TEXT_MOST)}"


def _known(knows: Knows) -> str:
    name = f"{knows.author} (commit)"
    if knows.run_id is not None:
        name = f"run-id '{short_run_id(knows.run_id)}'"
    return f"{name}, {told_time(knows.last_at)}"


@verb(
    "who",
    render,
    argument("address", metavar="ADDR"),
    run_id_option("Who asks: what that run holds itself is in nobody's way."),
)
def who_command(app: App, address: str, **options: Any) -> WhoResult:
    """Tell who holds a file or a symbol, who waits for it, who held it last, and how to get it."""
    return who(app.open(), address, **options)
