"""Messages as lines of text, in whichever verb: what others wrote stands behind a mark, and is their words."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.moments import told_time
from git_muse_coord.model.wording import few, short_id
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.ui.text import Line, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_muse_coord.coordinator.answers.message import Told

_PLACES_MOST = 2


def message_lines(told: Told, reader: str) -> Iterator[Line]:
    """Who says what, when, about what, and how it is answered."""
    head = [Span(f"{_parties(told, reader)}, {told_time(told.created_at)}", "bold")]
    if told.re is not None:
        head.append(Span(f", in answer to {short_id(told.re)}"))
    if told.addresses:
        head.append(Span(f", about {few(told.addresses, _PLACES_MOST)}"))
    elif told.about is not None:
        head.append(Span(f", about reservation {short_id(told.about)}"))
    if told.read_at is not None:
        head.append(Span(f", read {told_time(told.read_at)}", "dim"))
    head.append(Span(f"  {short_id(told.message_id)}", "dim"))
    yield head
    for line in told.text.split("\n"):
        yield [Span("  > ", "dim"), line]


def _parties(told: Told, reader: str) -> str:
    writer = f"run-id '{short_run_id(told.run_id)}'"
    to = told.to
    if to is None or to == reader:
        return writer
    return f"{writer} to '{short_run_id(to)}'"
