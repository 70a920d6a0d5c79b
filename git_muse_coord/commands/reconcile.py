"""The verb ``reconcile``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from git_muse_coord.commands.app import App
from git_muse_coord.commands.break_lines import lines_of_breaks
from git_muse_coord.commands.options import option, verb
from git_muse_coord.coordinator.answers.hotspot import HotspotLine
from git_muse_coord.coordinator.reconcile import ReconcileResult, reconcile
from git_muse_coord.model.wording import and_more
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.ui.text import (
    Cell,
    Line,
    Span,
    count,
    head,
    table,
)

_STYLES = {
    "fast-forward": "green",
    "rebase": "green",
    "squash": "yellow",
    "manual": "red",
}
_SHOWN = 10


def render(result: ReconcileResult) -> Iterator[Line]:
    """The merges in their order with how and why; then what breaks in them, and where the branches meet."""
    # An empty table would look like a failure.
    if not result.steps:
        yield [f"Nothing to merge onto {result.onto}."]
        return
    how_good = ", in an order that conflicts little (too many branches to try every order)"
    yield [
        f"{count(len(result.steps), 'branch')} onto ",
        Span(result.onto, "bold"),
        "" if result.exact else how_good,
    ]
    yield from _steps(result)
    yield []
    if result.breaks:
        yield from lines_of_breaks(result.breaks)
    else:
        yield [Span("No caller breaks in these merges, as far as callers are known.", "dim")]
    if result.hotspots:
        yield []
        yield [Span("Hotspots", "bold")]
        yield from _hotspots(result.hotspots)


def _steps(result: ReconcileResult) -> list[Line]:
    """The merges, a row each."""
    branches = {branch.name: branch for branch in result.branches}
    rows: list[Sequence[Cell]] = [head("", "BRANCH", "AHEAD", "BEHIND", "HOW", "WHY")]
    for number, step in enumerate(result.steps, 1):
        branch = branches[step.branch]
        how = result.strategies[step.branch]
        why = how.reason
        if branch.depends_on:
            why += f"; after {', '.join(branch.depends_on)}"
        if step.breaks_with:
            why += f"; ⚠ callers break with {', '.join(step.breaks_with)}"
        rows.append(
            (
                str(number),
                Span(step.branch, "bold"),
                str(branch.ahead),
                str(branch.behind),
                Span(how.strategy, _STYLES[how.strategy]),
                why,
            )
        )
    return table(rows)


def _hotspots(hotspots: Sequence[HotspotLine]) -> Iterator[Line]:
    shown = hotspots[:_SHOWN]
    titles = ["ADDRESS", "BRANCHES", "RUN-IDS"]
    # Most projects have no merges that met in just these places.
    has_past = any(spot.past for spot in shown)
    if has_past:
        titles.append("PAST MERGES")
    rows: list[Sequence[Cell]] = [head(*titles)]
    for spot in shown:
        run_ids = ", ".join(map(short_run_id, spot.run_ids))
        row = [spot.address, ", ".join(spot.branches), run_ids]
        if has_past:
            row.append(_past(spot))
        rows.append(row)
    # Cut before the table is made, so that no column is as wide as what is not shown.
    yield from table(rows)
    left = len(hotspots) - _SHOWN
    if left > 0:
        yield [and_more(left)]


def _past(spot: HotspotLine) -> str:
    if spot.past is None:
        return ""
    return f"{spot.past.conflicted:,} of {spot.past.merges:,} conflicted"


@verb(
    "reconcile",
    render,
    option(
        "--onto",
        metavar="BRANCH",
        help="Where all go; the remote's default branch, else main or master.",
    ),
    option(
        "--branch",
        metavar="BRANCH",
        multiple=True,
        help="A branch besides those of reservations and intents.",
    ),
)
def reconcile_command(app: App, **options: Any) -> ReconcileResult:
    """Say in which order to merge what is under way, and how.

    Looks at the branches of active reservations and intents, and at those on which somebody works
    unannounced. Each is merged in memory, by git
    itself, so the conflicts that are announced are those that git will report when the merges are
    made in this order. What a reservation waits for goes first. Callers that break although git
    merges two branches without a word are named.
    """
    return reconcile(app.open(), **options)
