"""The verb ``mcp``."""

from __future__ import annotations

from functools import partial

from git_muse_coord.commands.app import App
from git_muse_coord.commands.options import verb
from git_muse_coord.coordinator.session import Session
from git_muse_coord.integrations.environment import claimed
from git_muse_coord.model.errors import BadInput, MuseCoordError
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.results import Result
from git_muse_coord.ui.envelope import envelope
from git_muse_coord.ui.shape import Shape
from git_muse_coord.ui.text import Line

if TYPE_CHECKING:
    from collections.abc import Iterator


class ServedResult(Result):
    """Nothing of its own: all was said to the client, by the protocol."""


def render(_: ServedResult) -> Iterator[Line]:
    """Nothing: stdout speaks the protocol alone."""
    yield from ()


@verb("mcp", render)
def mcp_command(app: App) -> ServedResult:
    """Serve agents by the Model Context Protocol, over stdin and stdout.

    The program of an agent starts this; git muse-coord install --mcp NAME has it do so. What it
    needs comes with git-muse-coord[mcp].
    """
    try:
        from git_muse_coord.integrations.mcp.hook_calls import HookCalls
        from git_muse_coord.integrations.mcp.server import MuseServer
    except ModuleNotFoundError as error:
        raise BadInput(
            f"{error.name} is not installed",
            "install git-muse-coord[mcp]",
        ) from error
    # Where there is no repository, that is said now, and not by each tool.
    app.open().repository.git_dir  # noqa: B018
    open_session = partial(
        Session,
        app.path,
        stays=True,
        claimed=lambda: claimed(app.environment),
    )
    MuseServer(open_session, _told, HookCalls(app.environment)).run()
    return ServedResult()


def _told(
    command: str,
    milliseconds: int,
    result: Result | None,
    error: MuseCoordError | None,
) -> str:
    """An answer as ``--json --compact`` prints it."""
    shape = Shape(compact=True)
    return "".join(
        envelope(
            command,
            milliseconds,
            result,
            error,
            shape,
        )
    )
