"""The verb ``watch``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import OVERLAPPING
from git_muse_coord.commands.event_lines import event_lines
from git_muse_coord.commands.options import flag, option, verb
from git_muse_coord.coordinator.answers.happened import SNAPSHOT, Happened
from git_muse_coord.coordinator.watch import Watch, watch
from git_muse_coord.store.hooks.event_command import EventCommand
from git_muse_coord.ui.streams import can_show_pages, has_reader


@verb(
    "watch",
    event_lines,
    option(
        "--for",
        to="for_",
        metavar="RUN",
        help="Only what concerns this run.",
    ),
    OVERLAPPING,
    option(
        "--exec",
        to="command",
        metavar="CMD",
        help="Run a command of the shell for each event, with its JSON on stdin.",
    ),
    flag("--lines", help="On a terminal, too, a line an event."),
)
def watch_command(
    app: App,
    command: str | None,
    lines: bool,
    **options: Any,
) -> Iterator[Happened] | int:
    """Show what happens to reservations, as it happens.

    First what there is, then who reserves, lets go and expires, what lands, who meets whom, who
    waits, and messages. On a terminal it is a table that stays current until you press q; else, and
    with --lines, a line an event. Other clones are heard of where they are synced in the background.
    """
    session = app.open(stays=True)
    watching = watch(session, **options)
    is_for_lines = app.json or lines or command
    if sys.platform != "win32" and not is_for_lines and can_show_pages(app.environment):
        # who only pipes events needs nothing of it
        from git_muse_coord.commands.watch_live import watch_live

        return watch_live(session, watching, app.colour_of(sys.stdout))
    return _events(app, watching, command)


def _events(
    app: App,
    watching: Watch,
    command: str | None,
) -> Iterator[Happened]:
    """What happens, one after the other, as long as somebody reads it."""
    runner = None
    if command is not None:
        # what the command prints must not get between lines of JSON
        out = sys.stderr.fileno() if app.json else None
        runner = EventCommand(command, lambda said: app.complain("warning", said), out=out)
    try:
        while has_reader(sys.stdout):
            for happened in watching.look():
                yield happened
                # what there is at the beginning did not happen
                if happened.event == SNAPSHOT:
                    _say_how_old(app, happened)
                elif runner is not None:
                    runner.run(app.in_json(happened))
            watching.wait()
    finally:
        watching.close()
        if runner is not None:
            runner.close()


def _say_how_old(app: App, snapshot: Happened) -> None:
    # in JSON the time itself is told
    if snapshot.remote is not None and not app.json:
        app.remark_on_age(snapshot.remote, snapshot.synced_at)
