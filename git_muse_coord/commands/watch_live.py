"""``watch`` on a terminal: the page stays current until somebody leaves it."""

from __future__ import annotations

import os
import sys

from git_muse_coord.commands.watch_table import newest_first, page
from git_muse_coord.coordinator.answers.happened import SNAPSHOT
from git_muse_coord.coordinator.freshness import freshness
from git_muse_coord.model.light import TYPE_CHECKING

# for the checker of types: nobody is shown a page there
assert sys.platform != "win32"  # noqa: S101
from git_muse_coord.ui.screen import END_OF_INPUT, Screen  # noqa: E402

if TYPE_CHECKING:
    from git_muse_coord.coordinator.answers.happened import Happened
    from git_muse_coord.coordinator.answers.overview import Overview
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.coordinator.watch import Watch

_REMEMBERED = 200
"""So many events are shown at most, on however large a screen."""

_LEAVE = ("q", "Q", "\x1b", END_OF_INPUT)


def watch_live(
    session: Session,
    watching: Watch,
    colour: bool,
) -> int:
    """Show the page until q is pressed."""
    repository = session.repository
    name = os.path.basename(repository.top or repository.common_dir)
    lately: list[Happened] = []
    overview: Overview | None = None
    rows = 0
    with Screen(colour) as screen:
        while True:
            happened = watching.look()
            rows_before = rows
            _, rows = screen.size
            # what stands need not be asked for each second, only how long it still will
            if happened or overview is None or rows != rows_before:
                overview = watching.overview(rows)
            # what there was at the beginning is on the page anyway
            events = [event for event in happened if event.event != SNAPSHOT]
            lately = newest_first(events, lately, _REMEMBERED)
            known = freshness(session)
            remark = "" if known is None else known.sentence
            screen.show(
                page(
                    overview,
                    lately,
                    name,
                    rows,
                    session.now(),
                    remark,
                )
            )
            pressed = screen.key(watching.seconds_to_next_look())
            if pressed in _LEAVE:
                return 0
