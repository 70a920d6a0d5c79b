"""The verb ``sync``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import PATIENCE, run_id_option
from git_muse_coord.commands.findings import findings
from git_muse_coord.commands.options import argument, flag, verb
from git_muse_coord.coordinator.sync import SyncResult, sync
from git_muse_coord.ui.text import Line, Span, count, left_alone


def render(result: SyncResult) -> Iterator[Line]:
    """Conflicts first, then what went which way."""
    yield from findings(result.conflict_details, "git muse-coord list --conflicts")
    yield [
        Span(f"Synced with {result.remote}", "green"),
        " on a branch" if result.via == "branch" else "",
    ]
    yield [f"  fetched   {_counts(result.fetched)}"]
    yield [f"  pushed    {_counts(result.pushed)}"]
    # Told only where there is something: most syncs move a few records and no more.
    for name in ("rejected", "archived", "deleted"):
        number = getattr(result, name)
        if number:
            yield [f"  {name:<9} {number:,}"]
    if result.landed is not None:
        yield [f"  {result.landed.sentence}"]
    if result.not_understood:
        yield [f"  {left_alone(result.not_understood)}"]


def _counts(by_kind: Mapping[str, int]) -> str:
    if not by_kind:
        return "nothing new"
    # A folder has the name of its kind in the plural.
    counted = [count(number, folder.removesuffix("s")) for folder, number in by_kind.items()]
    return ", ".join(counted)


@verb(
    "sync",
    render,
    argument("remote", required=False),
    flag("--fetch-only", help="Push nothing."),
    flag("--push-only", help="Fetch nothing."),
    run_id_option("Whose conflicts to tell: yours."),
    flag("--gc", help="Also delete there what nobody needs any more."),
    PATIENCE,
)
def sync_command(app: App, **options: Any) -> SyncResult:
    """Exchange records with a remote.

    REMOTE defaults to the setting muse-coord.remote, then the remote of this branch's upstream,
    then origin.
    """
    return sync(app.open(), **options)
