"""What is met, in text: by holder, and cut short, so that one who holds much hides nobody else.

Every verb and hook that tells of conflicts does it here. JSON always has all of them.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_time import UTC, datetime
from git_muse_coord.model.moments import told_span
from git_muse_coord.model.wording import (
    and_more,
    few,
    quoted,
    short_id,
)
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.ui.text import Span, count

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Iterable,
        Iterator,
        Sequence,
    )

    from git_muse_coord.coordinator.answers.conflict import ConflictDetail
    from git_muse_coord.ui.text import Line

    Met = Sequence[ConflictDetail]
    """What is met of one reservation."""

    Remark = Callable[[ConflictDetail], str]
    """What is said in brackets behind an address; empty for nothing."""

LINES = 20
"""So many lines of findings fill a screen that shows what comes after them, too."""
_LINES_OF_HOLDER = 5
_ADDRESSES = 3
_REASON = 120


def findings(
    conflicts: Iterable[ConflictDetail],
    more: str,
    remark: Remark = lambda _: "",
    *,
    lists_all: bool = False,
) -> Iterator[Line]:
    """Lines about some conflicts, kin last: a line a reservation, of which each holder has a few.

    ``more`` is the command that lists what was left out. With ``lists_all`` nothing is, and each
    address has a line of its own.
    """
    left_out = 0
    room = LINES
    for of_holder in _by_holder(conflicts, lists_all=lists_all):
        lines = list(_lines_of_holder(of_holder, remark))
        fitting = min(room, _LINES_OF_HOLDER)
        if not lists_all and len(lines) > fitting:
            lines = lines[:fitting]
            # The first of several lines names the holder, and no reservation.
            told = max(0, len(lines) - 1)
            left_out += len(of_holder) - told
        room -= len(lines)
        yield from lines
    if left_out:
        yield [f"  {and_more(left_out)}: {more}"]


def _by_holder(conflicts: Iterable[ConflictDetail], *, lists_all: bool) -> list[list[Met]]:
    """What is met of each reservation, by who holds it."""
    by_reservation: dict[object, list[ConflictDetail]] = {}
    for number, conflict in enumerate(conflicts):
        # Where all are listed each stands alone.
        what = number if lists_all else conflict.reservation_id
        met = by_reservation.setdefault(what, [])
        met.append(conflict)
    by_holder: dict[object, list[Met]] = {}
    for met in by_reservation.values():
        first = met[0]
        who = (first.kin, first.run_id)
        of_holder = by_holder.setdefault(who, [])
        of_holder.append(met)
    # Kin stop nobody.
    return sorted(by_holder.values(), key=_is_kin)


def _is_kin(of_holder: Sequence[Met]) -> bool:
    return of_holder[0][0].kin


def _lines_of_holder(of_holder: Sequence[Met], remark: Remark) -> Iterator[Line]:
    """One line for one reservation; for several a line that says whose they are, and one for each."""
    first = of_holder[0][0]
    name = short_run_id(first.run_id)
    kin = "kin, " if first.kin else ""
    holder = f"{kin}run-id '{name}'"
    sign = Span("⚠ ", "yellow")
    if len(of_holder) == 1:
        what = _what(of_holder[0], remark)
        is_reserved = "may be reserved"
        if _is_certain(of_holder[0]):
            is_reserved = "is reserved"
        yield [
            sign,
            *what,
            f" {is_reserved} by {holder}",
            _how(first),
        ]
        return
    # Where all are listed several lines can be about one.
    ids = {met[0].reservation_id for met in of_holder}
    yield [sign, f"{count(len(ids), 'reservation')} of {holder}:"]
    for met in of_holder:
        perhaps = "" if _is_certain(met) else ", perhaps"
        yield [
            "    ",
            *_what(met, remark),
            perhaps,
            _how(met[0]),
        ]


def _is_certain(met: Met) -> bool:
    return any(conflict.certain for conflict in met)


def _what(met: Met, remark: Remark) -> Line:
    """The addresses that meet a reservation, and as what it holds them where that is something else."""
    # Ordered, and each once: two addresses of a reservation can be met at one place.
    names: dict[str, None] = {}
    held: dict[str, None] = {}
    for conflict in met:
        name = conflict.address
        said = remark(conflict)
        if said:
            name = f"{name} ({said})"
        names[name] = None
        if conflict.held_address != conflict.address:
            held[conflict.held_address] = None
    listed = few(list(names), _ADDRESSES)
    as_what = ""
    if held:
        as_what = f" (as {few(list(held), _ADDRESSES)})"
    return [Span(listed, "bold"), as_what]


def _how(conflict: ConflictDetail) -> str:
    """To what end it is held and since when, by which id it can be named, and why, in the holder's words."""
    what_for = ""
    if conflict.operation:
        what_for = f", to {conflict.operation} it"
    now = datetime.now(UTC)
    span = told_span(conflict.created_at, conflict.expires_at, now)
    name = short_id(conflict.reservation_id)
    why = ""
    if conflict.reason:
        why = f": {quoted(conflict.reason, _REASON)}"
    return f"{what_for}, {span} ({name}){why}"
