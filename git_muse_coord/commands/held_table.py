"""Reservations in a table, for all verbs that show some."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.wording import span_of_time
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.ui.text import Cell, Line, Span, head, short, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from git_muse_coord.coordinator.answers.reservation import Held


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
