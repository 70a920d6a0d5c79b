"""Events as lines of text: when, what, whose, and the rest in words."""

from __future__ import annotations

from git_muse_coord.commands.held_table import held_table
from git_muse_coord.coordinator.answers.happened import SNAPSHOT
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.moments import told_clock, told_zone
from git_muse_coord.model.wording import (
    few,
    quoted,
    short_id,
    span_of_time,
)
from git_muse_coord.rules.events import (
    ADDED,
    CONFLICT,
    EXPIRED,
    EXTENDED,
    LANDED,
    MESSAGE,
    READY,
    RELEASED,
    WAITING,
)
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.ui.text import Line, Span, count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from git_muse_coord.coordinator.answers.happened import Happened, Waiter
    from git_muse_coord.coordinator.answers.reservation import Held

    Words = Callable[[Happened, Held], str]

STYLES = {
    ADDED: "green",
    EXTENDED: "dim",
    RELEASED: "dim",
    LANDED: "green",
    EXPIRED: "dim",
    CONFLICT: "yellow",
    WAITING: "cyan",
    READY: "green",
    MESSAGE: "bold",
}
"""How each kind of event is painted."""

_ADDRESSES = 3
_CONFLICTS = 5
_WORDS_MOST = 200


def event_lines(happened: Happened) -> Iterator[Line]:
    """What there is, at the beginning; then a line an event, and one for each conflict in it."""
    if happened.event == SNAPSHOT:
        yield from _snapshot(happened)
        return
    kind = Span(f"{happened.event:<9}", STYLES[happened.event])
    yield [Span(f"{told_clock(happened.at)}  ", "dim"), kind, f"  {event_words(happened)}"]
    shown = happened.conflicts[:_CONFLICTS]
    # as wide as the time, below which nothing stands
    indent = " " * 10
    for conflict in shown:
        yield [indent, Span("⚠ ", "yellow"), conflict.sentence]
    left = len(happened.conflicts) - len(shown)
    if left > 0:
        yield [f"{indent}and {left:,} more; --json tells all"]


def event_words(happened: Happened) -> str:
    """An event in words, without its kind and time."""
    if happened.message is not None:
        return _message(happened)
    if happened.waiter is not None:
        return _waiter(happened, happened.waiter)
    if happened.reservation is None:
        return ""
    reservation = happened.reservation
    words = _WORDS[happened.event](happened, reservation)
    return f"run-id '{short_run_id(reservation.run_id)}' {words}"


def _snapshot(happened: Happened) -> Iterator[Line]:
    if happened.reservations:
        yield from held_table(happened.reservations)
    for waiter in happened.waiters:
        yield [
            f"run-id '{short_run_id(waiter.run_id)}' waits for {few(waiter.addresses, _ADDRESSES)}"
        ]
    number = count(len(happened.reservations), "active reservation")
    yield [
        Span(f"{told_clock(happened.at)}  ", "dim"),
        f"watching, with {number}; times are {told_zone(happened.at)}",
    ]


def _message(happened: Happened) -> str:
    message = happened.message
    if message is None:
        return ""
    whom = f"run-id '{short_run_id(message.to)}'" if message.to else "whoever holds it"
    about = f", about {short_id(message.about)}" if message.about else ""
    text = quoted(message.text, _WORDS_MOST)
    return f"run-id '{short_run_id(message.run_id)}' tells {whom}{about}: {text}"


def _waiter(happened: Happened, waiter: Waiter) -> str:
    who = f"run-id '{short_run_id(waiter.run_id)}'"
    what = few(waiter.addresses, _ADDRESSES)
    if happened.event == READY:
        return f"{who} has what it waited for: {what}"
    if happened.event == EXPIRED:
        return f"{who} waits no more for {what}"
    earlier = len(happened.waits_for)
    behind = f", behind {count(earlier, 'other')}" if earlier else ""
    return f"{who} waits for {what}{behind}"


def _added(_: Happened, reservation: Held) -> str:
    what_for = f", to {reservation.operation} it" if reservation.operation else ""
    how_long = f", for {span_of_time(reservation.seconds_left)}" if reservation.seconds_left else ""
    why = f", reason: {quoted(reservation.reason, _WORDS_MOST)}" if reservation.reason else ""
    return f"reserved {_what(reservation)}{what_for}{how_long}{why} ({short_id(reservation.reservation_id)})"


def _extended(_: Happened, reservation: Held) -> str:
    return f"keeps {_what(reservation)} for {span_of_time(reservation.seconds_left)} more"


def _released(happened: Happened, reservation: Held) -> str:
    how = happened.released
    if how is not None and how.continued_by is not None:
        return f"goes on with {_what(reservation)} as {short_id(how.continued_by)}"
    ended = f"let go of {_what(reservation)}"
    if how is None or how.run_id is None:
        return ended
    # whoever held it hears that it was somebody else
    if how.run_id != reservation.run_id:
        return f"lost {_what(reservation)}: released by run-id '{short_run_id(how.run_id)}'"
    outcome = "unchanged" if how.why else how.outcome
    return f"{ended}: {outcome}"


def _landed(_: Happened, reservation: Held) -> str:
    return f"is done with {_what(reservation)}: it is in the default branch"


def _expired(_: Happened, reservation: Held) -> str:
    return f"held {_what(reservation)} until now"


def _conflict(happened: Happened, reservation: Held) -> str:
    holders = {f"run-id '{short_run_id(conflict.run_id)}'": None for conflict in happened.conflicts}
    return f"meets {few(list(holders))} ({short_id(reservation.reservation_id)})"


def _waiting(happened: Happened, reservation: Held) -> str:
    awaited = few(list(map(short_id, happened.waits_for)))
    return f"waits with {_what(reservation)} for {awaited}"


def _ready(_: Happened, reservation: Held) -> str:
    return f"can go on with {_what(reservation)}"


_WORDS: dict[str, Words] = {
    ADDED: _added,
    EXTENDED: _extended,
    RELEASED: _released,
    LANDED: _landed,
    EXPIRED: _expired,
    CONFLICT: _conflict,
    WAITING: _waiting,
    READY: _ready,
}


def _what(reservation: Held) -> str:
    return few(reservation.addresses, _ADDRESSES)
