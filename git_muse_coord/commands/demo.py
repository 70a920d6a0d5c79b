"""The verb ``demo``."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from git_muse_coord.commands.app import App
from git_muse_coord.commands.options import flag, verb
from git_muse_coord.coordinator.demo import DemoResult, demo as run_demo
from git_muse_coord.ui.text import Line, Span

_NEXT = (
    "git muse-coord install --agent claude",
    "git muse-coord reserve PATH::NAME --run-id YOU",
    "git muse-coord list",
    "git muse-coord release --all --run-id YOU",
    "git muse-coord -h",
)


def render(result: DemoResult) -> Iterator[Line]:
    """Each step as it would look in a terminal, then what to try next."""
    yield ["Two runs meet in a small shop, in a temporary repository."]
    for step in result.steps:
        yield []
        yield [Span(f"# {step.about}", "dim")]
        yield [Span(f"$ {step.command}", "bold")]
        for line in step.output.splitlines():
            yield [line]
        if step.exit_code:
            yield [Span(f"(exit code {step.exit_code})", "dim")]
    yield []
    if result.repository:
        yield ["The repository is still there:"]
        yield [f"  cd {shlex.quote(result.repository)}"]
        yield ["  git for-each-ref refs/muse"]
        yield []
    yield ["Try it in a repository of yours:"]
    for command in _NEXT:
        yield [f"  {command}"]


@verb(
    "demo",
    render,
    flag("--keep", help="Leave the repository behind, and say where it is."),
)
def demo_command(_: App, keep: bool) -> DemoResult:
    """Watch two runs meet, in a temporary repository.

    Every step is a real command, shown with what it printed. Nothing of yours is touched, and
    nothing stays behind.
    """
    return run_demo(keep=keep)
