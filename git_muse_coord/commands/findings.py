"""What is met, in text: by holder, and cut short, so that one who holds much hides nobody else.

Every verb and hook that tells of conflicts does it here. JSON always has all of them.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_time import UTC, datetime
from git_muse_coord.model.wording import and_more, few, quoted, short_id
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.ui.text import Span, span_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

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
    for met in _by_holder(conflicts, lists_all=lists_all):
        lines = list(_lines_of_holder(met, remark))
        if not lists_all and len(lines) > min(room, _LINES_OF_HOLDER):
            lines = lines[: min(room, _LINES_OF_HOLDER)]
            # The first of several lines names the holder.
            left_out += len(met) - max(0, len(lines) - 1)
        room -= len(lines)
        yield from lines
    if left_out:
        yield [f"  {and_more(left_out)}: {more}"]


def _by_holder(conflicts: Iterable[ConflictDetail], *, lists_all: bool) -> list[list[Met]]:
    """What is met of each reservation, by who holds it."""
    met: list[Met] = [[conflict] for conflict in conflicts]
    if not lists_all:
        met = _by_reservation(conflict for (conflict,) in met)
    by_holder: dict[object, list[Met]] = {}
    for of_reservation in met:
        first = of_reservation[0]
        of_holder = by_holder.setdefault((first.kin, first.run_id), [])
        of_holder.append(of_reservation)
    # Kin stop nobody.
    return sorted(by_holder.values(), key=_is_kin)


def _by_reservation(conflicts: Iterable[ConflictDetail]) -> list[Met]:
    met: dict[object, list[ConflictDetail]] = {}
    for conflict in conflicts:
        of_reservation = met.setdefault(conflict.reservation_id, [])
        of_reservation.append(conflict)
    return list(met.values())


def _is_kin(of_holder: Sequence[Met]) -> bool:
    return of_holder[0][0].kin


def _lines_of_holder(of_holder: Sequence[Met], remark: Remark) -> Iterator[Line]:
    """One line for one reservation; for several a line that says whose they are, and one for each."""
    first = of_holder[0][0]
    kin = "kin, " if first.kin else ""
    holder = f"{kin}run-id '{short_run_id(first.run_id)}'"
    sign = Span("⚠ ", "yellow")
    if len(of_holder) == 1:
        is_reserved = "is reserved" if _is_certain(of_holder[0]) else "may be reserved"
        what = _what(of_holder[0], remark)
        yield [sign, *what, f" {is_reserved} by {holder}", _how(first)]
        return
    yield [sign, f"{len(of_holder):,} reservations of {holder}:"]
    for met in of_holder:
        perhaps = "" if _is_certain(met) else ", perhaps"
        yield ["    ", *_what(met, remark), perhaps, _how(met[0])]


def _is_certain(met: Met) -> bool:
    return any(conflict.certain for conflict in met)


def _what(met: Met, remark: Remark) -> Line:
    """The addresses that meet a reservation, and as what it holds them where that is something else."""
    names: dict[str, None] = {}
    held: dict[str, None] = {}
    for conflict in met:
        said = remark(conflict)
        name = f"{conflict.address} ({said})" if said else conflict.address
        names[name] = None
        if conflict.held_address != conflict.address:
            held[conflict.held_address] = None
    as_what = f" (as {few(list(held), _ADDRESSES)})" if held else ""
    return [Span(few(list(names), _ADDRESSES), "bold"), as_what]


def _how(conflict: ConflictDetail) -> str:
    """To what end it is held and since when, by which id it can be named, and why, in the holder's words."""
    what_for = f", to {conflict.operation} it" if conflict.operation else ""
    span = span_of(conflict.created_at, conflict.expires_at, datetime.now(UTC))
    why = f": {quoted(conflict.reason, _REASON)}" if conflict.reason else ""
    return f"{what_for}, {span} ({short_id(conflict.reservation_id)}){why}"
