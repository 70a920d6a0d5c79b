"""The verb ``forecast``."""

from __future__ import annotations

from git_muse_coord.commands.app import App
from git_muse_coord.commands.options import flag, option, verb
from git_muse_coord.coordinator.forecast import (
    HIGH,
    MEDIUM,
    ForecastResult,
    Predicted,
    forecast,
)
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.wording import and_more
from git_muse_coord.ui.text import Line, Span, count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

_SHOWN = 20


def render(result: ForecastResult) -> Iterator[Line]:
    """The worst conflicts, each with its measured probability; then how many there are."""
    # A pair of agents that meets in three ways is one line to read, not three.
    groups = _grouped(result.conflicts)
    for group in groups[:_SHOWN]:
        yield from _group(group)
    left = len(groups) - _SHOWN
    if left > 0:
        yield [f"      {and_more(left)}; --json lists all, --min-confidence fewer"]
    if groups:
        yield []
    reservations = count(result.active_reservations, "active reservation")
    what = f"{reservations}, {count(result.intents, 'intent')}: "
    others = f", {result.left_out:,} more left out" if result.left_out else ""
    if not result.conflicts:
        yield [what, Span("no conflict", "green"), others or " in sight"]
        return
    risks = (
        f"{result.high_risk:,} high, {result.medium_risk:,} medium, {result.low_risk:,} low risk"
    )
    yield [what, Span(count(len(result.conflicts), "conflict"), "yellow"), f" ({risks}){others}"]


def _group(group: Sequence[Predicted]) -> Iterator[Line]:
    # All of a group rest on the same work; the first is the likeliest.
    confidence = group[0].confidence
    kinds: dict[str, None] = {}
    for conflict in group:
        kinds[conflict.conflict_type] = None
    yield [
        Span(f"{confidence:4.0%}  ", _style(confidence)),
        Span(", ".join(kinds), "bold"),
    ]
    for conflict in group:
        yield [f"      {conflict.description}"]


def _grouped(conflicts: tuple[Predicted, ...]) -> list[list[Predicted]]:
    """What is told of the same addresses and runs in several ways, together."""
    groups: dict[object, list[Predicted]] = {}
    for conflict in conflicts:
        who_and_where = (conflict.addresses, conflict.agents)
        group = groups.setdefault(who_and_where, [])
        group.append(conflict)
    return list(groups.values())


def _style(confidence: float) -> str:
    if confidence >= HIGH:
        return "red"
    if confidence >= MEDIUM:
        return "yellow"
    return "dim"


@verb(
    "forecast",
    render,
    option("--branch", metavar="NAME", help="Only what involves this branch."),
    option("--run-id", metavar="NAME", help="Only what involves this run."),
    option(
        "--min-confidence",
        kind=float,
        default=0.0,
        metavar="P",
        help="Only what is at least so likely, 0 to 1.",
    ),
    flag("--strict", help="Exit 2 if there is a conflict."),
)
def forecast_command(app: App, **options: Any) -> ForecastResult:
    """Predict which pieces of announced work will collide.

    It looks at reservations and intents, at who calls whom, and at the branches on which the work
    goes on. The percentage says how often, in the history of real projects, the like ended in a
    conflict.
    """
    return forecast(app.open(), **options)
