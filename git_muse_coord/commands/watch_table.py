"""The page of ``watch``: what collides, who waits, who holds what, and what happened lately, on one screen."""

from __future__ import annotations

from git_muse_coord.commands.event_lines import STYLES, event_words
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.wording import few, short_id, span_of_time
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.ui.text import (
    Line,
    Span,
    count,
    padded,
    width,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from git_muse_coord.coordinator.answers.happened import Happened
    from git_muse_coord.coordinator.answers.overview import Collision, Overview
    from git_muse_coord.coordinator.answers.reservation import Held

_HEAD_AND_FOOT = 2
_RUN_ID_MOST = 24
_ADDRESSES = 4
_LEFT = 8


class Section(NamedTuple):
    """A part of the page: a title, how many lines there are, and those for which there may be room."""

    title: str
    number: int
    lines: Sequence[Line]


def page(
    overview: Overview,
    lately: Sequence[Happened],
    name: str,
    rows: int,
    now: datetime,
    remark: str = "",
) -> list[Line]:
    """The page for a screen with so many lines.

    ``lately`` is what happened, newest first; ``remark`` stands at the foot.
    """
    waiting = _waiting(overview)
    collisions = overview.collisions
    sections = [
        Section("Collides", len(collisions), list(map(_collision, collisions[:rows]))),
        Section("Waits", len(waiting), waiting),
        Section("Holds", overview.held, _holds(overview.reservations, now)),
        Section("Lately", len(lately), list(map(_event, lately[:rows]))),
    ]
    shown = [section for section in sections if section.lines]
    lines: list[Line] = [_head(overview, name, now)]
    given = shared_out([len(section.lines) + 1 for section in shown], rows - _HEAD_AND_FOOT)
    for section, most in zip(shown, given, strict=True):
        lines += _fitting(section, most)
    if not shown:
        lines.append(["Nobody holds anything."])
    # down to the last line, which stays where it is
    lines += [[]] * (rows - 1 - len(lines))
    lines.append([Span("q leaves", "dim"), Span(f"  {remark}" if remark else "", "yellow")])
    return lines


def shared_out(wanted: Sequence[int], rows: int) -> list[int]:
    """How many lines each section gets, of so many in all: as many as it wants, as far as the others leave them."""
    given = [0] * len(wanted)
    left = rows
    # line by line, so that a short section gets all it wants before a long one gets much
    while left > 0 and given != list(wanted):
        for place, most in enumerate(wanted):
            if left > 0 and given[place] < most:
                given[place] += 1
                left -= 1
    return given


def _fitting(section: Section, most: int) -> list[Line]:
    """The title and the first lines; the title says how many there are where some do not fit."""
    if most < 1:
        return []
    room = most - 1
    title = section.title
    if room < section.number:
        title = f"{title} ({section.number:,})"
    return [[Span(title, "bold")], *section.lines[:room]]


def _head(
    overview: Overview,
    name: str,
    now: datetime,
) -> Line:
    held = count(overview.held, "active reservation")
    # in the time of whoever looks at it
    told_at = now.astimezone()
    return [
        Span(name, "bold"),
        f"  {held} of {count(overview.runs, 'run')}",
        Span(f"  {told_at:%H:%M %Z}", "dim"),
    ]


def _collision(collision: Collision) -> Line:
    at = collision.address
    if collision.held_address != collision.address:
        at = f"{collision.address} in {collision.held_address}"
    later = _who(collision.run_id, collision.operation)
    earlier = _who(collision.holder, collision.held_operation)
    kin = " (kin)" if collision.kin else ""
    return [Span("  ⚠ ", "yellow"), f"{at}: {later} meets {earlier}{kin}"]


def _who(run_id: str, operation: str | None) -> str:
    doing = f" to {operation}" if operation else ""
    return f"{short_run_id(run_id)}{doing}"


def _waiting(overview: Overview) -> list[Line]:
    lines: list[Line] = []
    for waiter in overview.waiters:
        since = _clock(waiter.since)
        what = few(waiter.addresses, _ADDRESSES)
        lines.append([f"  {short_run_id(waiter.run_id)} waits for {what}{since}"])
    for reservation in overview.blocked:
        awaited = few(list(map(short_id, reservation.depends_on)))
        what = few(reservation.addresses, _ADDRESSES)
        lines.append([f"  {short_run_id(reservation.run_id)} waits with {what} for {awaited}"])
    return lines


def _clock(since: datetime | None) -> str:
    return "" if since is None else f", since {since.astimezone():%H:%M}"


def _holds(reservations: Sequence[Held], now: datetime) -> list[Line]:
    """Reservations run by run, so that one sees who holds what."""
    names = [short_run_id(row.run_id) for row in reservations]
    widest = min(max(map(width, names), default=0), _RUN_ID_MOST)
    lines: list[Line] = []
    before = ""
    for row, name in zip(reservations, names, strict=True):
        # said once: the lines below belong to the same run
        shown = "" if row.run_id == before else name
        before = row.run_id
        seconds = (row.effective_expires_at - now).total_seconds()
        left = span_of_time(max(0, int(seconds)))
        lines.append(
            [
                f"  {padded(shown, widest)}  ",
                Span(padded(left, _LEFT), "dim"),
                f"{padded(row.operation or '-', _LEFT)}{few(row.addresses, _ADDRESSES)}",
            ]
        )
    return lines


def _event(happened: Happened) -> Line:
    return [
        Span(f"  {happened.at.astimezone():%H:%M:%S}  ", "dim"),
        Span(f"{happened.event:<9}", STYLES[happened.event]),
        f"  {event_words(happened)}",
    ]


def newest_first(
    happened: Iterable[Happened],
    known: Sequence[Happened],
    most: int,
) -> list[Happened]:
    """What happened lately, with some more."""
    return [*reversed(list(happened)), *known][:most]
