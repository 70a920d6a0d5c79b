"""The verb ``list``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import click

from git_muse_coord.commands.common import RUN_ID_VARIABLE, App, verb
from git_muse_coord.coordinator.answers.reservation import Held
from git_muse_coord.coordinator.list import ListResult, list_reservations
from git_muse_coord.ui.text import Cell, Line, Span, short, span_of_time, table

_HEAD = tuple(Span(title, "dim") for title in ("ID", "RUN-ID", "OP", "LEFT", "ADDRESS"))


def held_table(reservations: Iterable[Held]) -> list[Line]:
    """Reservations as a table with a line for each address."""
    return table([_HEAD, *(row for one in reservations for row in _rows(one))])


def _rows(one: Held) -> Iterator[tuple[Cell, ...]]:
    left = span_of_time(one.seconds_left) if one.state == "active" else one.state
    mark = Span(left, "" if one.state == "active" else "dim")
    first = (Span(short(one.reservation_id), "cyan"), one.run_id, one.operation or "-", mark)
    for number, address in enumerate(one.addresses):
        yield (*(first if number == 0 else ("",) * 4), address)
    if one.from_future:
        yield ("", "", "", "", Span("made by a clock that is ahead of this one", "yellow"))


def render(result: ListResult) -> Iterable[Line]:
    """A table, or a sentence when there is nothing."""
    return held_table(result.reservations) if result.reservations else [["No reservations."]]


@verb("list", render)
@click.option("--all", is_flag=True, help="Released and expired ones too.")
@click.option("--run-id", metavar="NAME", help="Only of this run.")
@click.option("--mine", is_flag=True, help="Only of the run that you are.")
@click.option("--branch", metavar="NAME", help="Only of this branch.")
@click.option(
    "--address", multiple=True, metavar="ADDR", help="Only what overlaps this. Repeatable."
)
@click.option("--conflicts", is_flag=True, help="Only what another holder's reservation overlaps.")
def list_command(app: App, mine: bool, run_id: str | None, **options: Any) -> ListResult:
    """Show the active reservations, oldest first."""
    if mine and run_id is None:  # only here: who we are must not hide the others from us
        run_id = app.environment.get(RUN_ID_VARIABLE) or None
    return list_reservations(app.open(), mine=mine, run_id=run_id, **options)
