"""The verb ``list``."""

from __future__ import annotations

from git_muse_coord.commands.app import App
from git_muse_coord.commands.options import flag, option, verb
from git_muse_coord.coordinator.answers.reservation import Held
from git_muse_coord.coordinator.list import ListResult, list_reservations
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.wording import span_of_time
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.ui.text import Cell, Line, Span, head, short, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any


def held_table(reservations: Iterable[Held]) -> list[Line]:
    """Reservations as a table with a line for each address."""
    rows: list[Sequence[Cell]] = [head("ID", "RUN-ID", "OP", "LEFT", "ADDRESS")]
    for reservation in reservations:
        rows += _rows(reservation)
    return table(rows)


def _rows(reservation: Held) -> Iterator[Sequence[Cell]]:
    left = Span(reservation.state, "dim")
    if reservation.state == "active":
        left = Span(span_of_time(reservation.seconds_left))
    first: Sequence[Cell] = (
        Span(short(reservation.reservation_id), "cyan"),
        short_run_id(reservation.run_id),
        reservation.operation or "-",
        left,
    )
    for address in reservation.addresses:
        yield (*first, address)
        # Said once: the rows below belong to the same reservation.
        first = ("", "", "", "")
    if reservation.from_future:
        yield ("", "", "", "", Span("made by a clock that is ahead of this one", "yellow"))


def render(result: ListResult) -> Iterable[Line]:
    """A table, or a sentence when there is nothing."""
    return held_table(result.reservations) if result.reservations else [["No reservations."]]


@verb(
    "list",
    render,
    flag("--all", help="Released and expired ones too."),
    option("--run-id", metavar="NAME", help="Only of this run."),
    flag("--mine", help="Only of the run that you are."),
    option("--branch", metavar="NAME", help="Only of this branch."),
    option("--address", multiple=True, metavar="ADDR", help="Only what overlaps this. Repeatable."),
    flag("--conflicts", help="Only what another holder's reservation overlaps."),
)
def list_command(app: App, **options: Any) -> ListResult:
    """Show the active reservations, oldest first."""
    # The whole list is in memory once: a table needs the widest cell of all.
    return list_reservations(app.open(), **options)
