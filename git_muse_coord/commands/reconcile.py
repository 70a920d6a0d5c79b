"""The verb ``reconcile``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from git_muse_coord.commands.common import App, verb
from git_muse_coord.coordinator.reconcile import ReconcileResult, reconcile
from git_muse_coord.ui.text import Line, Span, count, table

_STYLES = {"fast-forward": "green", "rebase": "green", "squash": "yellow", "manual": "red"}
_SHOWN = 10


def render(result: ReconcileResult) -> Iterator[Line]:
    """The merges in their order with how and why; then where the branches meet."""
    if not result.steps:
        yield [f"Nothing to merge onto {result.onto}."]
        return
    yield [
        f"{count(len(result.steps), 'branch')} onto ",
        Span(result.onto, "bold"),
        ""
        if result.exact
        else ", in an order that conflicts little (too many branches to try every order)",
    ]
    facts = {one.name: one for one in result.branches}
    rows = [tuple(Span(title, "dim") for title in ("", "BRANCH", "AHEAD", "BEHIND", "HOW", "WHY"))]
    for number, step in enumerate(result.steps, 1):
        one, how = facts[step.branch], result.strategies[step.branch]
        rows.append(
            (
                Span(str(number)),
                Span(step.branch, "bold"),
                Span(str(one.ahead)),
                Span(str(one.behind)),
                Span(how.strategy, _STYLES[how.strategy]),
                Span(
                    how.reason + (f"; after {', '.join(one.depends_on)}" if one.depends_on else "")
                ),
            )
        )
    yield from table(rows)
    if result.hotspots:
        yield []
        yield [Span("Hotspots", "bold")]
        spots = [
            (one.address, ", ".join(one.branches), ", ".join(one.run_ids))
            for one in result.hotspots[:_SHOWN]
        ]
        yield from table(
            [tuple(Span(title, "dim") for title in ("ADDRESS", "BRANCHES", "RUN-IDS")), *spots]
        )
        if len(result.hotspots) > _SHOWN:
            yield [f"and {len(result.hotspots) - _SHOWN:,} more"]
    yield []
    yield [
        Span(
            f"git muse-coord plan-merge {result.onto} BRANCH names callers that a clean merge breaks.",
            "dim",
        )
    ]


@verb("reconcile", render)
@click.option(
    "--onto",
    metavar="BRANCH",
    help="Where all go; the remote's default branch, else main or master.",
)
@click.option(
    "--branch",
    metavar="BRANCH",
    multiple=True,
    help="A branch besides those of reservations and intents.",
)
def reconcile_command(app: App, **options: Any) -> ReconcileResult:
    """Say in which order to merge what is under way, and how.

    Looks at the branches of active reservations and intents. Each is merged in memory, by git
    itself, so the conflicts that are announced are those that git will report when the merges are
    made in this order. What a reservation waits for goes first.
    """
    return reconcile(app.open(), **options)
