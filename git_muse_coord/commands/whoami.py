"""The verb ``whoami``."""

from __future__ import annotations

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import run_id_option
from git_muse_coord.commands.options import verb
from git_muse_coord.coordinator.whoami import WhoamiResult, whoami
from git_muse_coord.model.identity import DERIVED
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.ui.text import Line, Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_DERIVED = "derived from git's user name and this worktree, because nobody says who runs"


def render(result: WhoamiResult) -> Iterator[Line]:
    """The whole run id, as ``--run-id`` takes it, and where it comes from."""
    yield [Span(result.run_id, "bold")]
    yield [f"  {_DERIVED}" if result.source == DERIVED else f"  from {result.source}"]
    if not result.lasting:
        yield ["  its last digits are made up for now; the first reservation makes lasting ones"]


@verb(
    "whoami",
    render,
    run_id_option(),
)
def whoami_command(app: App, **options: Any) -> WhoamiResult:
    """Show who you are to others, where that comes from, and who shares it.

    The first of these that says something counts: --run-id, the variable MUSE_RUN_ID, the session
    of the agent's program that runs this, muse-coord.runId of the worktree, that of the clone. Else
    a run id is derived, and kept in the worktree.
    """
    return whoami(app.open(), **options)
