"""The verb ``check``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from git_muse_coord.commands.common import App, run_id_option, verb
from git_muse_coord.coordinator.answers.conflict import ConflictDetail
from git_muse_coord.coordinator.check import CheckResult, check
from git_muse_coord.ui.text import Line, Span, clock, count, short

ADVICE = "Wait for the holder, or talk to them; a reservation warns and locks nothing."
_SHOWN = 5


def render(result: CheckResult) -> Iterator[Line]:
    """Each reservation that is met, with what meets it; then how much has changed, and what to do."""
    how = {one.address: one.change for one in result.changes}
    origins = {one.from_address: one.address for one in result.changes if one.from_address}
    groups: dict[tuple[str, str], list[ConflictDetail]] = {}
    for one in result.conflict_details:
        groups.setdefault((one.reservation_id, one.held_address), []).append(one)
    for met in groups.values():
        yield from _finding(met, how, origins)
    if result.conflicts:
        yield []
    meaning = sum(one.change != "formatting" for one in result.changes)
    formatting = len(result.changes) - meaning
    yield [
        f"{count(meaning, 'change')}{f' and {formatting:,} of formatting only' if formatting else ''}, ",
        Span(count(len(groups), "conflict"), "yellow") if groups else Span("no conflict", "green"),
    ]
    if groups:
        yield [ADVICE]


def _finding(
    met: list[ConflictDetail], how: dict[str, str], origins: dict[str, str]
) -> Iterator[Line]:
    first = met[0]
    for number, one in enumerate(met[:_SHOWN]):
        kind = how.get(one.address) or (
            f"now {origins[one.address]}" if one.address in origins else "changed"
        )
        yield [
            Span("⚠ " if number == 0 else "  ", "yellow"),
            Span(one.address, "bold"),
            f" ({kind})",
        ]
    if len(met) > _SHOWN:
        yield [f"  and {len(met) - _SHOWN:,} more"]
    held_as = (
        ""
        if len(met) == 1 and first.held_address == first.address
        else f", as {first.held_address}"
    )
    what_for = f", to {first.operation} it" if first.operation else ""
    yield [f"    held by run-id '{first.run_id}'{what_for}{held_as}"]
    if not first.certain:
        yield ["    perhaps: not all could be read here, and the reserved name was found nowhere"]
    yield [f"    since {clock(first.created_at)} until {clock(first.expires_at)} UTC"]
    if first.reason:
        yield [f"    reason: {first.reason}"]
    yield ["    git muse-coord show ", Span(short(first.reservation_id), "cyan")]


def _sarif(result: CheckResult) -> Iterator[Line]:
    from git_muse_coord.ui.sarif import sarif

    yield [sarif(result, ADVICE)]


@verb("check", render, formats=("text", "json", "sarif"))
@run_id_option("Whose own reservations do not count.")
@click.option(
    "--worktree", is_flag=True, help="Check the files of the working tree instead of the index."
)
@click.option(
    "--range",
    metavar="A..B",
    help="Check what commits change; A is short for A...HEAD, A^! one commit.",
)
@click.option("--strict", is_flag=True, help="Exit 2 if there is a conflict.")
def check_command(app: App, **options: Any) -> CheckResult:
    """Tell which reservations of others your changes meet.

    Without --worktree or --range: what the index changes in HEAD, symbol by symbol. A change of
    formatting or comments alone meets nobody.
    """
    if app.format == "sarif":
        app.render = _sarif
    return check(app.open(), **options)
