"""The verb ``check``."""

from __future__ import annotations

from git_muse_coord.commands.app import App
from git_muse_coord.commands.check_lines import ADVICE, ALL, report
from git_muse_coord.commands.common import all_findings_flag, run_id_option
from git_muse_coord.commands.options import flag, option, verb
from git_muse_coord.coordinator.check import CheckResult, check
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.wording import shell_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from git_muse_coord.commands.app import Render
    from git_muse_coord.ui.text import Line

REPORTS = ("sarif", "github", "gitlab")
"""The forms that other programs read, beside JSON."""


def render(result: CheckResult) -> Iterator[Line]:
    """What is met, by holder; then how much has changed, and what to do."""
    yield from report(result, f"git muse-coord check {ALL}")
    if result.conflict_details:
        yield [ADVICE]


@verb(
    "check",
    render,
    run_id_option("Whose own reservations do not count."),
    flag("--worktree", help="Check the files of the working tree instead of the index."),
    option(
        "--range",
        metavar="A..B",
        help="Check what commits change; A is short for A...HEAD, A^! one commit.",
    ),
    flag("--strict", help="Exit 2 if there is a conflict."),
    all_findings_flag(),
    formats=("text", "json", *REPORTS),
)
def check_command(app: App, **options: Any) -> CheckResult:
    """Tell which reservations of others your changes meet.

    Without --worktree or --range: what the index changes in HEAD, symbol by symbol. A change of
    formatting or comments alone meets nobody.
    """
    # a person reads this, by holder
    app.render = _renderer(app, options)
    if app.format in REPORTS:
        # what other programs read is loaded only where it is asked for
        from git_muse_coord.ui.reports import report_renderer

        app.render = report_renderer(app.format, ADVICE, app.environment)
    return check(app.open(), **options)


def _renderer(app: App, options: Mapping[str, Any]) -> Render:
    def render_check(result: CheckResult) -> Iterator[Line]:
        more = shell_line(list(_again(options)))
        yield from report(result, more, lists_all=app.lists_all)
        # Where it stops, the failure says what to do.
        if result.conflict_details and not options["strict"]:
            yield [ADVICE]

    return render_check


def _again(options: Mapping[str, Any]) -> Iterator[str]:
    """The words of the command that lists everything."""
    # as it can be typed, with what was asked for
    yield from ("git", "muse-coord", "check", ALL)
    if options["worktree"]:
        yield "--worktree"
    for name in ("run_id", "range"):
        if options[name] is not None:
            yield from ("--" + name.replace("_", "-"), options[name])
