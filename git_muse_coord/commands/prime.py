"""The verb ``prime``."""

from __future__ import annotations

from collections.abc import Iterator

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import run_id_option
from git_muse_coord.commands.options import verb
from git_muse_coord.coordinator.prime import PrimeResult, prime
from git_muse_coord.ui.text import Line


def render(result: PrimeResult) -> Iterator[Line]:
    """The briefing, then the loop."""
    # A line at a time: what is printed is escaped, and a line end in a text would be, too.
    for text in (*result.briefing.splitlines(), "", *result.loop.splitlines()):
        yield [text]


@verb(
    "prime",
    render,
    run_id_option(),
)
def prime_command(app: App, run_id: str | None) -> PrimeResult:
    """Tell an agent without hooks what it should know: who it is, what others hold, how to work here.

    At most 60 lines. Agents with hooks are told by themselves.
    """
    return prime(app.open(), run_id=run_id)
