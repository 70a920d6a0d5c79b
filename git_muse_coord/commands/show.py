"""The verb ``show``."""

from __future__ import annotations

import json

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import one_id
from git_muse_coord.commands.options import argument, verb
from git_muse_coord.coordinator.show import ShowResult, show
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_time import datetime
from git_muse_coord.model.moments import told_time
from git_muse_coord.model.wording import quoted, short_id
from git_muse_coord.ui.text import (
    Cell,
    Line,
    Span,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# The kind stands above the fields; the format and the nonce say nothing to a reader.
_HIDDEN = ("kind", "format", "nonce")
_TIME = "_at"
_WORDS = ("reason", "detail", "text")
"""What somebody wrote, which is told as words of theirs."""


def render(result: ShowResult) -> Iterator[Line]:
    """The fields of the record, then what belongs to it."""
    # A kind without states, such as an intent, has none to show.
    state = f"  {result.state}" if result.state else ""
    yield [
        Span(result.kind, "bold"),
        f" {result.id}",
        Span(state, "green"),
    ]
    yield from _fields(result.record)
    for related in result.related:
        yield []
        yield [Span(related.kind, "bold"), f" {short_id(related.id)}"]
        yield from _fields(related.record)


def _fields(record: Mapping[str, object]) -> Iterator[Line]:
    rows: list[Sequence[Cell]] = []
    for name, value in record.items():
        if name in _HIDDEN:
            continue
        title = Span(f"  {name}", "dim")
        text = _text(value)
        if name in _WORDS and value is not None:
            text = quoted(text, len(text))
        elif name.endswith(_TIME) and value is not None:
            text = told_time(datetime.fromisoformat(text))
        rows.append((title, text))
    yield from table(rows)


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_text, value)) or "-"
    if value is None:
        return "-"
    if isinstance(value, str):
        return short_id(value) if value.startswith("sha256:") else value
    return json.dumps(value)


@verb(
    "show",
    render,
    argument("id", metavar="ID", check=one_id),
)
def show_command(app: App, id: str) -> ShowResult:  # noqa: A002 - named like the argument
    """Show a record of any kind, its state and what refers to it."""
    return show(app.open(), id)
