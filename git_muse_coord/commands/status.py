"""The verb ``status``."""

from __future__ import annotations

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import run_id_option
from git_muse_coord.commands.held_table import few_held
from git_muse_coord.commands.learnt_line import learnt_from
from git_muse_coord.commands.options import verb
from git_muse_coord.coordinator.status import MESSAGES_MOST, StatusResult, status
from git_muse_coord.integrations.environment import is_silent
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.moments import told_time
from git_muse_coord.model.wording import short_id
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.ui.text import (
    Line,
    Span,
    at_most,
    count,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from git_muse_coord.coordinator.answers.in_the_way import Behind


_ENDED = 5
_IN_LINE = 5


def render(result: StatusResult) -> Iterator[Line]:
    """Mine, who overlaps it, who waits for it, and what is left to do."""
    where = f" on branch {result.branch}" if result.branch else ""
    yield [Span(f"Run-id '{short_run_id(result.run_id)}'{where}", "bold")]
    if result.mine:
        yield [f"Holds {count(len(result.mine), 'reservation')}:"]
        yield from few_held(result.mine, "git muse-coord list --mine")
    else:
        yield ["Holds nothing."]
    if result.conflicts:
        # Mostly nobody overlaps, and what would tell it is not loaded.
        from git_muse_coord.commands.findings import findings

        yield []
        yield from findings(result.conflicts, "git muse-coord list --conflicts")
    if result.ended_by_others:
        yield []
        lines: list[Line] = []
        for ended in result.ended_by_others:
            lines.append([Span("⚠ ", "yellow"), ended.sentence])
        yield from at_most(
            _ENDED,
            lines,
            indent="  ",
            remark=" that others ended",
        )
    if result.messages:
        yield from _messages(result)
    if result.waiting_for_me:
        yield []
        yield ["Waiting for you:"]
        yield from few_held(result.waiting_for_me, "git muse-coord dag")
    if result.in_line:
        yield []
        yield ["Waiting in line for what you hold:"]
        lines = [_in_line(earlier) for earlier in result.in_line]
        yield from at_most(_IN_LINE, lines, indent="  ")
    others = result.active_reservations - len(result.mine)
    yield []
    yield [f"Others hold {count(others, 'active reservation')}; git muse-coord list shows all."]
    if result.unsynced:
        records = count(result.unsynced, "record")
        are = "is" if result.unsynced == 1 else "are"
        yield [f"{records} {are} not synced yet; git muse-coord sync does it."]
    if result.sync_trouble:
        yield [Span("Nothing is synced in the background: ", "yellow"), result.sync_trouble]
    if result.learnt and result.learnt.merges:
        yield [learnt_from(result.learnt)]
    # Who forgot that he paused them would wonder why nobody warns.
    if result.paused:
        until = f" until {told_time(result.paused_until)}" if result.paused_until else ""
        yield [f"The hooks of this clone are paused{until}; git muse-coord pause --off ends that."]
    # Without them, commits that meet a reservation say nothing.
    if not result.hooks:
        yield ["No hooks are installed; git muse-coord install --hooks does it."]


def _in_line(earlier: Behind) -> Line:
    since = f" since {told_time(earlier.since)}" if earlier.since else ""
    return [f"  {short_run_id(earlier.run_id)}: {earlier.address}{since}"]


def _messages(result: StatusResult) -> Iterator[Line]:
    """What others told the run, which is read with that."""
    from git_muse_coord.commands.message_lines import message_lines

    yield []
    yield [f"{count(len(result.messages), 'unread message')}, read with this:"]
    for told in result.messages:
        yield from message_lines(told, result.run_id)
    more = f", {result.messages_left:,} more: git muse-coord inbox" if result.messages_left else ""
    last = short_id(result.messages[-1].message_id)
    yield [f"To answer: git muse-coord tell {last} TEXT{more}"]


@verb(
    "status",
    render,
    run_id_option(),
)
def status_command(app: App, **options: Any) -> StatusResult:
    """Show what you hold, who overlaps it, and who waits for you."""
    # What is not printed was not read.
    is_told = app.json or not app.quiet
    result = status(app.open(), most=MESSAGES_MOST if is_told else 0, **options)
    if is_silent(app.environment):
        result.warnings.append("MUSE_COORD is off here: no hook of this shell says anything")
    return result
