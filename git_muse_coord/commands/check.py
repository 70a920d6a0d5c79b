"""The verb ``check``."""

from __future__ import annotations

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import run_id_option
from git_muse_coord.commands.options import flag, option, verb
from git_muse_coord.coordinator.answers.conflict import ConflictDetail
from git_muse_coord.coordinator.check import CheckResult, check
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.source.changed import Changed
from git_muse_coord.ui.text import Line, Span, at_most, clock, count, short

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

ADVICE = "Wait for the holder, or talk to them; a reservation warns and locks nothing."
_SHOWN = 5


def render(result: CheckResult) -> Iterator[Line]:
    """Each reservation that is met, with what meets it; then how much has changed, and what to do."""
    kinds = _kinds_of_change(result.changes)
    groups: dict[object, list[ConflictDetail]] = {}
    for conflict in result.conflict_details:
        held = (conflict.reservation_id, conflict.held_address)
        group = groups.setdefault(held, [])
        group.append(conflict)
    for conflicts in groups.values():
        yield from _met(conflicts, kinds)
    if result.conflicts:
        yield []
    changes = _changes(result.changes)
    if not groups:
        yield [f"{changes}, ", Span("no conflict", "green")]
        return
    conflicts_met = count(len(groups), "conflict")
    yield [f"{changes}, ", Span(conflicts_met, "yellow")]
    yield [ADVICE]


def _changes(changes: Sequence[Changed]) -> str:
    """How much has changed; what is formatting only meets nobody, and is told apart."""
    formatting = sum(change.change == "formatting" for change in changes)
    others = len(changes) - formatting
    text = count(others, "change")
    if formatting:
        text += f" and {formatting:,} of formatting only"
    return text


def _kinds_of_change(changes: Iterable[Changed]) -> dict[str, str]:
    """What happened to each address; of one that something has left, where that is now."""
    kinds: dict[str, str] = {}
    for change in changes:
        if change.from_address:
            kinds[change.from_address] = f"now {change.address}"
    # An address that was left and taken again by something else has changed.
    for change in changes:
        kinds[change.address] = change.change
    return kinds


def _met(conflicts: Sequence[ConflictDetail], kinds: Mapping[str, str]) -> Iterator[Line]:
    """One reservation, and what meets it."""
    first = conflicts[0]
    lines: list[Line] = []
    for conflict in conflicts:
        # One sign a reservation: it is met once, by however much.
        mark = "  " if lines else "⚠ "
        kind = kinds.get(conflict.address, "changed")
        line: Line = [
            Span(mark, "yellow"),
            Span(conflict.address, "bold"),
            f" ({kind})",
        ]
        lines.append(line)
    yield from at_most(_SHOWN, lines, indent="  ")
    is_the_same = len(conflicts) == 1 and first.held_address == first.address
    held_as = "" if is_the_same else f", as {first.held_address}"
    what_for = f", to {first.operation} it" if first.operation else ""
    whose = "kin, " if first.kin else ""
    name = short_run_id(first.run_id)
    yield [f"    held by {whose}run-id '{name}'{what_for}{held_as}"]
    if not first.certain:
        yield ["    perhaps: not all could be read here, and the reserved name was found nowhere"]
    yield [f"    since {clock(first.created_at)} until {clock(first.expires_at)} UTC"]
    if first.reason:
        yield [f"    reason: {first.reason}"]
    yield ["    git muse-coord show ", Span(short(first.reservation_id), "cyan")]


def _sarif(result: CheckResult) -> Iterator[Line]:
    from git_muse_coord.ui.sarif import sarif

    yield [sarif(result, ADVICE)]


@verb(
    "check",
    render,
    run_id_option("Whose own reservations do not count."),
    flag("--worktree", help="Check the files of the working tree instead of the index."),
    option(
        "--range",
        metavar="A..B",
        help="Check what commits change; A is short for A...HEAD, A^! one commit.",
    ),
    flag("--strict", help="Exit 2 if there is a conflict."),
    formats=("text", "json", "sarif"),
)
def check_command(app: App, **options: Any) -> CheckResult:
    """Tell which reservations of others your changes meet.

    Without --worktree or --range: what the index changes in HEAD, symbol by symbol. A change of
    formatting or comments alone meets nobody.
    """
    # What writes SARIF is loaded only where it is asked for.
    if app.format == "sarif":
        app.render = _sarif
    return check(app.open(), **options)
