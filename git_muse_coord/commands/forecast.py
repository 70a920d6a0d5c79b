"""The verb ``forecast``."""

from __future__ import annotations

from git_muse_coord.commands.app import App
from git_muse_coord.commands.learnt_line import learnt_from
from git_muse_coord.commands.options import flag, option, verb
from git_muse_coord.commands.radar_table import more_to_see, radar_lines
from git_muse_coord.coordinator.forecast import (
    HIGH,
    MEDIUM,
    STOPS_FROM,
    TOLD_FROM,
    ForecastResult,
    Predicted,
    forecast,
)
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.prediction import HABIT, PRESENT, WAITING
from git_muse_coord.ui.text import Line, Span, count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from git_muse_coord.coordinator.learning import Learnt

_SHOWN = 20


def render(result: ForecastResult) -> Iterator[Line]:
    """The worst conflicts, each with its measured probability; then how many there are."""
    # A pair of agents that meets in three ways is one line to read, not three.
    groups = _grouped(conflict for conflict in result.conflicts if conflict.basis != HABIT)
    for group in groups[:_SHOWN]:
        yield from _group(group)
    left = len(groups) - _SHOWN
    if left > 0:
        yield more_to_see(left)
    if groups:
        yield []
    # Apart, so that nobody takes it for what somebody announced.
    yield from _habits([conflict for conflict in result.conflicts if conflict.basis == HABIT])
    reservations = count(result.active_reservations, "active reservation")
    what = f"{reservations}, {count(result.intents, 'intent')}: "
    yield [what, *_judged(result, len(groups)), _left_out(result)]
    if result.radar is not None:
        yield []
        yield from radar_lines(result.radar.sides, result.radar.pairs)
    if any(conflict.reasons for conflict in result.conflicts):
        yield [_how_it_is_known(result.learnt)]


def _habits(conflicts: Sequence[Predicted]) -> Iterator[Line]:
    """What nobody announces, apart from what somebody did."""
    if not conflicts:
        return
    yield [Span("Announced or not", "bold")]
    for conflict in conflicts:
        yield [f"{conflict.confidence:4.0%}  {conflict.description}"]
    yield []


def _how_it_is_known(learnt: Learnt | None) -> str:
    # Said here alone: a new project is nothing that whoever asks each hour must be warned of.
    if learnt is None or not learnt.merges:
        return "No merge of this repository has taught anything yet: the numbers are those of all projects together."
    return learnt_from(learnt)


def _judged(result: ForecastResult, told: int) -> Iterator[str | Span]:
    if told:
        yield Span(f"{told:,} to look at", "yellow")
    elif result.left_out:
        yield Span("nothing to look at", "green")
    else:
        yield Span("no conflict", "green")
        yield " in sight"


def _left_out(result: ForecastResult) -> str:
    parts: list[str] = []
    if result.hidden:
        least = f"{result.min_confidence:.0%}"
        parts.append(
            f", {result.hidden:,} less likely than {least} hidden (--min-confidence 0 shows all)"
        )
    others = result.left_out - result.hidden
    if others:
        parts.append(f", {others:,} of others left out")
    return "".join(parts)


def _group(group: Sequence[Predicted]) -> Iterator[Line]:
    # All of a group rest on the same work; the first is the likeliest.
    first = group[0]
    kinds: dict[str, None] = {}
    for conflict in group:
        kinds[conflict.conflict_type] = None
    yield [
        Span(f"{_how_likely(first)}  ", _style(first.confidence)),
        Span(", ".join(kinds), "bold"),
        " (kin)" if first.kin else "",
    ]
    for conflict in group:
        yield [f"      {conflict.description}"]
        if conflict.reasons:
            yield [Span(f"      why {conflict.confidence:.2f}: {conflict.reasons.sentence}", "dim")]


def _grouped(conflicts: Iterable[Predicted]) -> list[list[Predicted]]:
    """What is told of the same addresses and runs in several ways, together."""
    groups: dict[object, list[Predicted]] = {}
    for conflict in conflicts:
        who_and_where = (conflict.addresses, conflict.agents)
        group = groups.setdefault(who_and_where, [])
        group.append(conflict)
    return list(groups.values())


def _how_likely(conflict: Predicted) -> str:
    """A measured chance; of what is none, what it is."""
    if conflict.basis == PRESENT:
        return " now"
    if conflict.basis == WAITING:
        return "wait"
    return f"{conflict.confidence:4.0%}"


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
        metavar="P",
        help=f"Only what is at least so likely, 0 to 1; {TOLD_FROM} where nothing is said.",
    ),
    flag("--radar", help="Show where branches and worktrees meet now, too."),
    flag("--explain", help="Say what each number rests on."),
    flag(
        "--strict",
        help=f"Exit 2 if a conflict is as likely as --min-confidence says; {STOPS_FROM} where nothing is said.",
    ),
)
def forecast_command(app: App, **options: Any) -> ForecastResult:
    """Predict which pieces of announced work will collide.

    It looks at reservations and intents, at who calls whom, and at the branches on which the work
    goes on. The percentage says how often, in the history of real projects, the like ended in a
    conflict; what is so already, or has to wait for something, says so instead.
    """
    return forecast(app.open(), **options)
