"""The verb ``reserve``."""

from __future__ import annotations

import sys

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import all_findings_flag, id_list, run_id_option
from git_muse_coord.commands.options import (
    argument,
    flag,
    option,
    verb,
)
from git_muse_coord.coordinator.answers.reserved import Reserved, ReserveResult, Unresolved
from git_muse_coord.coordinator.reserve import reserve
from git_muse_coord.coordinator.session import seconds
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.moments import told_time
from git_muse_coord.model.records import MAX_SECONDS, OPERATIONS
from git_muse_coord.model.wording import short_id
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.ui.text import (
    Line,
    Span,
    address_lines,
    at_most,
    count,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

OPERATION = "OP[=ADDR]"
_ALL = "--all-findings lists them"
_ABSENT = 10
_AHEAD = 5
_DEPENDENCIES = 10


def render(result: ReserveResult, *, lists_all: bool = False) -> Iterator[Line]:
    """Conflicts first, then what was reserved."""
    if result.conflicts:
        yield from _conflicts(result, lists_all=lists_all)
        yield []
    what = f"{count(len(result.addresses), 'address')} for run-id '{short_run_id(result.run_id)}'"
    if result.reservation_id is None:
        yield [Span(f"Would reserve {what}", "bold")]
        if result.reused:
            yield ["  You hold just this already, and it would stay the one reservation."]
    else:
        yield [Span(f"Reserved {what}", "green")]
        if result.reused:
            since = f"{told_time(result.created_at)}"
            yield [f"  You hold just this since {since}: kept, no second one was made"]
        if not result.reservations:
            yield ["  Reservation ID: ", Span(result.reservation_id, "bold")]
        yield [f"  Expires:        {told_time(result.expires_at)}"]
    for part in result.reservations or (result,):
        yield from _what(part, is_one_of_several=bool(result.reservations))
    if result.reason:
        yield [f"  Reason:         {result.reason}"]
    yield from _dependencies(result)
    # A new file may well be meant, so it is reserved; a slip of the finger is seen here.
    yield from _unresolved(result)
    if result.conflicts:
        from git_muse_coord.coordinator.answers.conflict import number_of_conflicts

        number = number_of_conflicts(result.conflict_details)
        yield [f"  {count(number, 'conflict')}; see git muse-coord forecast"]


def _conflicts(result: ReserveResult, *, lists_all: bool) -> Iterator[Line]:
    # Mostly there are none, and what would tell them is not even loaded.
    from git_muse_coord.commands.findings import findings

    return findings(result.conflict_details, _ALL, lists_all=lists_all)


def _lost(result: ReserveResult, *, lists_all: bool) -> Iterator[Line]:
    """Of a strict one that loses, who is in the way; the failure says that nothing was reserved."""
    yield from _conflicts(result, lists_all=lists_all)
    waiting: list[Line] = []
    for earlier in result.behind:
        waiting.append([Span("⚠ ", "yellow"), earlier.sentence])
    yield from at_most(
        _AHEAD,
        waiting,
        indent="  ",
        remark=" who came before",
    )
    yield from _unresolved(result)


def _unresolved(result: ReserveResult) -> Iterator[Line]:
    lines: list[Line] = []
    for absent in result.unresolved:
        line = [Span(f"  Not in the working tree: {_absent(absent)}", "yellow")]
        lines.append(line)
    return at_most(
        _ABSENT,
        lines,
        indent="  ",
        remark=" that are not in the working tree",
    )


def _what(part: Reserved | ReserveResult, *, is_one_of_several: bool) -> Iterator[Line]:
    """The addresses of a reservation, and what is to be done to them."""
    # Of a single one the id stands above, with its end.
    if is_one_of_several and part.reservation_id is not None:
        # The others are new, and all were stored together.
        remark = "  (held already)" if part.reused else ""
        yield ["  Reservation ID: ", Span(part.reservation_id, "bold"), remark]
    yield from address_lines(part.addresses)
    if part.operation:
        yield [f"  Operation:      {part.operation}"]


def _dependencies(result: ReserveResult) -> Iterator[Line]:
    if not result.depends_on:
        return
    yield [f"  Depends on ({len(result.depends_on)}):"]
    lines: list[Line] = []
    for reservation_id in result.depends_on:
        state = "still active" if reservation_id in result.blocked_by else "done"
        lines.append([f"    {short_id(reservation_id)}", Span(f"  {state}", "dim")])
    yield from at_most(_DEPENDENCIES, lines, indent="    ")


def _absent(absent: Unresolved) -> str:
    if not absent.suggestions:
        return absent.address
    return f"{absent.address}; did you mean {', '.join(absent.suggestions)}?"


def _wait_seconds(value: str | None) -> float | None:
    """How long to wait by what stands behind ``--wait=``: nothing means without end. Raises BadInput."""
    if value is None:
        return None
    if not value:
        return float("inf")
    if not value.isascii() or not value.isdigit():
        raise BadInput(f"--wait={value} is no number of seconds", "to wait without end: --wait")
    return seconds(int(value), "--wait").total_seconds()


@verb(
    "reserve",
    render,
    argument("addresses", multiple=True, metavar="ADDR..."),
    run_id_option(),
    option(
        "--ttl",
        kind=int,
        metavar="SECONDS",
        help=f"Life of the reservation, 1 to {MAX_SECONDS} (3600).",
    ),
    option(
        "--op",
        multiple=True,
        metavar=OPERATION,
        help=f"What you are about to do, to all or to ADDR: {', '.join(OPERATIONS)}. Repeatable.",
    ),
    option(
        "--depends-on",
        multiple=True,
        metavar="ID",
        check=id_list,
        help="Wait for this one. Repeatable.",
    ),
    option("--reason", metavar="TEXT", help="Why, for those who meet it."),
    flag("--strict", help="Exit 2 and leave nothing if another holder is there."),
    option(
        "--wait",
        alone="",
        only_attached=True,
        check=_wait_seconds,
        metavar="[=SECONDS]",
        help="Wait in line until nobody is in the way, then reserve; --strict is implied.",
    ),
    flag("--stdin", help="Read more addresses from stdin, one a line."),
    option(
        "--from-diff",
        alone="",
        metavar="[RANGE]",
        help="Add what symbols --changed lists, formatting left out. Put it last, or write --from-diff=RANGE.",
    ),
    flag("--worktree", help="With --from-diff: of the working tree, not the index."),
    flag("--new", help="A second one, too, where you hold just this already."),
    flag("--local", help="Do not ask the remote."),
    flag("--dry-run", help="Only tell what would happen."),
    all_findings_flag(),
)
def reserve_command(
    app: App, addresses: Sequence[str], stdin: bool, **options: Any
) -> ReserveResult:
    """Say which files or symbols you are about to touch.

    ADDR is path, directory/, path::Symbol or path::Class.method, from the root of the repository; a
    leading ./ means: from here. Also file:LINE, file:LINE-LINE, absolute paths, and patterns of
    tracked files such as src/**/*.py.
    """
    # Both ways together: a tool may pipe a list, and a person add to it.
    given = [*addresses, *(_lines() if stdin else ())]

    def render_all(result: ReserveResult) -> Iterator[Line]:
        is_strict = options["strict"] or options["wait"]
        is_lost = is_strict and (result.conflicts or result.behind)
        how = _lost if is_lost else render
        return how(result, lists_all=app.lists_all)

    app.render = render_all
    if options["wait"] is None:
        return reserve(app.open(), given, **options)
    from git_muse_coord.commands.wait_line import WaitLine

    line = WaitLine(app)
    try:
        return reserve(app.open(), given, on_wait=line.tell, **options)
    finally:
        line.clear()


def _lines() -> list[str]:
    # Names of files are bytes; what is no UTF-8 must come back as it was.
    text = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
    return [line.removesuffix("\r") for line in text.split("\n") if line.strip()]
