"""The verb ``sync``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import PATIENCE, all_findings_flag, run_id_option
from git_muse_coord.commands.findings import findings
from git_muse_coord.commands.options import argument, flag, verb
from git_muse_coord.coordinator.answers.conflict import ConflictDetail
from git_muse_coord.coordinator.sync import SyncResult, sync
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.ui.text import (
    Line,
    Span,
    count,
    left_alone,
)


def render(result: SyncResult, *, lists_all: bool = False) -> Iterator[Line]:
    """Conflicts of which the run has not heard first, then what went which way."""
    yield from _conflicts(result, lists_all=lists_all)
    yield [Span(f"Synced with {result.remote}", "green")]
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


def _conflicts(result: SyncResult, *, lists_all: bool) -> Iterator[Line]:
    def whose(conflict: ConflictDetail) -> str:
        if conflict.asked_by == result.run_id:
            return "yours"
        name = short_run_id(conflict.asked_by or "")
        return f"of run-id '{name}'"

    news: list[ConflictDetail] = []
    for conflict in _each_once(result):
        # Who syncs each minute has read of the others.
        if lists_all or not conflict.told_before:
            news.append(conflict)
    everything = "git muse-coord sync --all-findings"
    yield from findings(news, everything, whose, lists_all=lists_all)


def _each_once(result: SyncResult) -> Iterator[ConflictDetail]:
    """Each conflict from one side, the run's own where it has one: of what is pushed here both sides may be known."""
    own: list[ConflictDetail] = []
    others: list[ConflictDetail] = []
    for conflict in result.conflict_details:
        side = own if conflict.asked_by == result.run_id else others
        side.append(conflict)
    seen: set[object] = set()
    for conflict in [*own, *others]:
        asked = (conflict.asked_by, conflict.address)
        held = (conflict.run_id, conflict.held_address)
        both = frozenset((asked, held))
        if both not in seen:
            yield conflict
        seen.add(both)


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
    all_findings_flag(),
    flag("--gc", help="Also delete there what nobody needs any more."),
    PATIENCE,
)
def sync_command(app: App, **options: Any) -> SyncResult:
    """Exchange records with a remote.

    REMOTE defaults to the setting muse-coord.remote, then the remote of this branch's upstream,
    then origin.
    """
    app.render = lambda result: render(result, lists_all=app.lists_all)
    return sync(app.open(), **options)
