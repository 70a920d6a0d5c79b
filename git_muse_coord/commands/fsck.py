"""The verb ``fsck``."""

from __future__ import annotations

from collections.abc import Iterator

from git_muse_coord.commands.app import App
from git_muse_coord.commands.options import flag, verb
from git_muse_coord.coordinator.fsck import FsckResult, fsck
from git_muse_coord.ui.text import (
    Line,
    Span,
    count,
    left_alone,
)


def render(result: FsckResult) -> Iterator[Line]:
    """What was mended, what is bad, and how many were looked at."""
    for mended in result.repaired:
        yield [Span("repaired ", "green"), f"{mended.ref}: {mended.action}"]
    for bad in result.bad:
        yield [Span("bad ", "red"), f"{bad.ref}: {bad.reason}"]
    # Not bad, but no reason to be silent either: an update of this program would read them.
    if result.not_understood:
        yield [left_alone(len(result.not_understood))]
    yield [f"Checked {count(result.checked, 'ref')}, {len(result.bad):,} bad."]


@verb(
    "fsck",
    render,
    flag("--repair", help="Mend what breaks git itself."),
)
def fsck_command(app: App, repair: bool) -> FsckResult:
    """Check every record, and name each that is damaged or foreign.

    Exit 1 when one is bad. What only a newer version understands is not bad, and is counted apart.
    Damaged records never count for anything; --repair mends only those that break git itself: lost
    objects, torn ref files, and locks left by processes that died, after watching them for a while.
    """
    return fsck(app.open(), repair=repair)
