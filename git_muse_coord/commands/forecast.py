"""The verb ``forecast``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from git_muse_coord.commands.common import App, verb
from git_muse_coord.coordinator.forecast import (
    HIGH,
    MEDIUM,
    ForecastResult,
    Predicted,
    forecast,
)
from git_muse_coord.ui.text import Line, Span, count

_SHOWN = 20


def render(result: ForecastResult) -> Iterator[Line]:
    """The worst conflicts, each with its measured probability; then how many there are."""
    told = _grouped(result.conflicts)
    for group in told[:_SHOWN]:
        first = group[0]
        kinds = ", ".join(dict.fromkeys(one.conflict_type for one in group))
        yield [Span(f"{first.confidence:4.0%}  ", _style(first.confidence)), Span(kinds, "bold")]
        yield from ([f"      {one.description}"] for one in group)
    if len(told) > _SHOWN:
        yield [f"      and {len(told) - _SHOWN:,} more; --json lists all, --min-confidence fewer"]
    if told:
        yield []
    what = f"{count(result.active_reservations, 'active reservation')}, {count(result.intents, 'intent')}: "
    others = f", {result.left_out:,} more left out" if result.left_out else ""
    if not result.conflicts:
        yield [what, Span("no conflict", "green"), others or " in sight"]
        return
    risks = (
        f"{result.high_risk:,} high, {result.medium_risk:,} medium, {result.low_risk:,} low risk"
    )
    yield [what, Span(count(len(result.conflicts), "conflict"), "yellow"), f" ({risks}){others}"]


def _grouped(conflicts: tuple[Predicted, ...]) -> list[list[Predicted]]:
    """What is told of the same addresses and runs in several ways, together."""
    groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Predicted]] = {}
    for one in conflicts:
        groups.setdefault((one.addresses, one.agents), []).append(one)
    return list(groups.values())


def _style(confidence: float) -> str:
    return "red" if confidence >= HIGH else "yellow" if confidence >= MEDIUM else "dim"


@verb("forecast", render)
@click.option("--branch", metavar="NAME", help="Only what involves this branch.")
@click.option("--run-id", metavar="NAME", help="Only what involves this run.")
@click.option(
    "--min-confidence",
    type=float,
    default=0.0,
    metavar="P",
    help="Only what is at least so likely, 0 to 1.",
)
@click.option("--strict", is_flag=True, help="Exit 2 if there is a conflict.")
def forecast_command(app: App, **options: Any) -> ForecastResult:
    """Predict which pieces of announced work will collide.

    It looks at reservations and intents, at who calls whom, and at the branches on which the work
    goes on. The percentage says how often, in the history of real projects, the like ended in a
    conflict.
    """
    return forecast(app.open(), **options)
