"""The verb ``gc``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import PATIENCE
from git_muse_coord.commands.options import flag, verb
from git_muse_coord.coordinator.gc import GcResult, gc
from git_muse_coord.ui.text import Line, count


def render(result: GcResult) -> Iterator[Line]:
    """What went, and what stays."""
    if result.not_understood:
        folders = result.not_understood.items()
        kinds = ", ".join(f"{number:,} in {folder}" for folder, number in folders)
        records = count(sum(result.not_understood.values()), "record")
        yield [f"{records} not understood: {kinds}"]
    done = _done(result)
    if done:
        moved = "Would go: " if result.dry_run else "Gone: "
        yield [f"{moved}{', '.join(done)}"]
    else:
        yield ["Nothing to clear away"]
    if result.kept:
        stay = "stays" if result.kept == 1 else "stay"
        yield [f"  {count(result.kept, 'live ref')} {stay}"]
    # Without --execute nothing goes: deleting by surprise would be the worst of all.
    if result.dry_run and done:
        yield ["Nothing was changed; say --execute to do it."]


def _done(result: GcResult) -> list[str]:
    """What went, or would; of nothing nothing is said."""
    numbers = (
        (result.archived, "record", "to the archive"),
        (result.deleted, "ref", "here"),
        (result.deleted_remotely, "ref", "at the remote"),
    )
    done: list[str] = []
    for number, noun, where in numbers:
        if number:
            done.append(f"{count(number, noun)} {where}")
    return done


@verb(
    "gc",
    render,
    flag("--execute", help="Do it; without, only tell."),
    flag("--remote", help="Clear the remote, too."),
    PATIENCE,
    flag("--unknown", help="Delete, instead, what only a newer version understands."),
)
def gc_command(app: App, **options: Any) -> GcResult:
    """Move what is finished or expired to the archive.

    The archive is refs/muse-archive/. Few live refs keep everybody's pushes fast. What is archived
    still shows in list --all, show and dag.
    """
    return gc(app.open(), **options)
