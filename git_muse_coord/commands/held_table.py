"""Reservations in a table, for all verbs that show some: of many none but their texts are in memory."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.wording import and_more, short_id, span_of_time
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.ui.text import (
    Span,
    escape,
    head,
    padded,
    width,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from git_muse_coord.coordinator.answers.active_rows import ActiveRow
    from git_muse_coord.coordinator.answers.reservation import Held
    from git_muse_coord.ui.text import Line

_TITLES = ("ID", "RUN-ID", "OP", "LEFT", "ADDRESS")
_ALIGNED = len(_TITLES) - 1
"""All but the last column, which keeps its own width."""
_FEW = 20
_BETWEEN = "\t"
"""Between two cells. None holds it, as all that does something is made visible."""


class _Row(NamedTuple):
    """The cells of a reservation, the addresses last, in one text: a list of them would take five times the memory."""

    cells: str
    is_over: bool
    is_ahead: bool


def held_table(reservations: Iterable[Held | ActiveRow]) -> Iterator[Line]:
    """Reservations as a table with a line for each address."""
    rows: list[_Row] = []
    widths = list(map(len, _TITLES[:_ALIGNED]))
    for reservation in reservations:
        cells = _cells(reservation)
        for column in range(_ALIGNED):
            widths[column] = max(widths[column], width(cells[column]))
        is_over = reservation.state != "active"
        rows.append(_Row(_BETWEEN.join(cells), is_over, reservation.from_future))
    # two spaces apart
    ends = [widest + 2 for widest in widths]
    yield head(*map(padded, _TITLES, [*ends, 0]))
    for row in rows:
        yield from _lines(row, ends)


def few_held(reservations: Sequence[Held], more: str) -> Iterator[Line]:
    """The first of some reservations as a table; ``more`` is the command that lists the others, too."""
    yield from held_table(reservations[:_FEW])
    left = len(reservations) - _FEW
    if left > 0:
        yield [f"  {and_more(left)}: {more}"]


def _cells(reservation: Held | ActiveRow) -> list[str]:
    left = reservation.state
    if left == "active":
        left = span_of_time(reservation.seconds_left)
    cells = [
        short_id(reservation.reservation_id),
        short_run_id(reservation.run_id),
        reservation.operation or "-",
        left,
        *reservation.addresses,
    ]
    # Nearly every text is printable, and asking that of all at once is quick.
    if "".join(cells).isprintable():
        return cells
    return list(map(escape, cells))


def _lines(row: _Row, ends: list[int]) -> Iterator[Line]:
    cells = row.cells.split(_BETWEEN)
    name, run_id, operation, left = map(padded, cells, ends)
    style = "dim" if row.is_over else ""
    first, *others = cells[_ALIGNED:]
    yield [Span(name, "cyan"), run_id + operation, Span(left, style), first]
    # Said once: the rows below belong to the same reservation.
    indent = " " * sum(ends)
    for address in others:
        yield [indent + address]
    if row.is_ahead:
        yield [indent, Span("made by a clock that is ahead of this one", "yellow")]
