"""The verb ``tell``."""

from __future__ import annotations

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import LOCAL_ONLY, one_id, run_id_option
from git_muse_coord.commands.options import argument, option, verb
from git_muse_coord.coordinator.tell import TellResult, tell
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.moments import told_time
from git_muse_coord.model.records import MAX_SECONDS
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.rules.messages import DAY_SECONDS
from git_muse_coord.ui.text import Line, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any


def render(result: TellResult) -> Iterator[Line]:
    """Whom it was told, and how long it waits for its reader."""
    yield [Span(f"Told run-id '{short_run_id(result.to)}'", "green")]
    yield ["  Message ID: ", Span(result.message_id, "bold")]
    yield [f"  Waits until it is read, at most to {told_time(result.expires_at)}"]


@verb(
    "tell",
    render,
    argument("target", metavar="RUN|ID"),
    argument("words", multiple=True, metavar="TEXT"),
    option(
        "--re",
        metavar="ID",
        check=one_id,
        help="The message that this answers.",
    ),
    option(
        "--ttl",
        kind=int,
        metavar="SECONDS",
        help=f"How long it waits to be read, 1 to {MAX_SECONDS} ({DAY_SECONDS}).",
    ),
    run_id_option(),
    LOCAL_ONLY,
)
def tell_command(
    app: App,
    target: str,
    words: Sequence[str],
    **options: Any,
) -> TellResult:
    """Tell another run something: it hears it at its next step, or reads it with inbox.

    RUN is a run id; ID that of a reservation, whose holder is told, or of a message, which is
    answered.
    """
    return tell(app.open(), target, " ".join(words), **options)
