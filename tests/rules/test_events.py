"""Which events lie between two looks at the records."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from git_muse_coord.model.continued import CONTINUED_BY, REPLACES
from git_muse_coord.model.records import Heartbeat, Record, Release
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.model.why_ended import LANDED, WHY
from git_muse_coord.rules.automatic import marks
from git_muse_coord.rules.events import Event, Sight, events_between
from git_muse_coord.rules.state import World
from tests.tools import NOON, a_reservation

MINUTE = timedelta(minutes=1)
FIRST, SECOND, THIRD, BEAT, END = (RecordId(f"sha256:{digit * 64}") for digit in "abcde")


def end_of(of: RecordId, **changes: Any) -> Release:
    facts: dict[str, Any] = {
        "run_id": RunId("a"),
        "nonce": "n",
        "reservation_id": of,
        "outcome": "done",
        "released_at": NOON + MINUTE,
        "expires_at": NOON + 60 * MINUTE,
    }
    return Release(**{**facts, **changes})


def beat_of(subject: RecordId, until: datetime) -> Heartbeat:
    return Heartbeat(
        run_id=RunId("a"), nonce="n", subject=subject, beat_at=NOON + MINUTE, expires_at=until
    )


def sight(records: dict[RecordId, Record], minutes: int = 1) -> Sight:
    return Sight.of(World.of(records), NOON + minutes * MINUTE)


def told(
    before: dict[RecordId, Record],
    after: dict[RecordId, Record],
    then: int = 1,
    now: int = 2,
) -> list[Event]:
    return list(events_between(sight(before, then), sight(after, now)))


def kinds(events: list[Event]) -> list[tuple[str, RecordId]]:
    return [(event.kind, event.subject) for event in events]


def test_nothing_happened() -> None:
    records: dict[RecordId, Record] = {FIRST: a_reservation("a.py"), SECOND: a_reservation("a.py")}

    assert told(records, records) == []


def test_one_came_and_one_was_released() -> None:
    old = a_reservation("a.py")
    release = end_of(FIRST)

    events = told({FIRST: old}, {FIRST: old, END: release, SECOND: a_reservation("a.py")})

    assert kinds(events) == [("released", FIRST), ("added", SECOND)]
    assert events[0].at == release.released_at
    assert events[0].release == release


def test_an_end_by_time_needs_no_change_of_the_records() -> None:
    records: dict[RecordId, Record] = {FIRST: a_reservation("a.py")}
    assert sight(records).next_end == NOON + 60 * MINUTE

    (event,) = told(records, records, then=59, now=60)

    assert (event.kind, event.at) == ("expired", NOON + 60 * MINUTE)
    assert told(records, records, then=60, now=61) == []


def test_a_sign_of_life_extends() -> None:
    held = a_reservation("a.py")
    until = NOON + 90 * MINUTE

    (event,) = told({FIRST: held}, {FIRST: held, BEAT: beat_of(FIRST, until)})

    assert (event.kind, event.ends) == ("extended", until)
    # one that reaches no further than the reservation itself moves nothing
    short = beat_of(FIRST, NOON + 10 * MINUTE)
    assert told({FIRST: held}, {FIRST: held, BEAT: short}) == []


@pytest.mark.parametrize(
    ("extra", "kind", "instead"),
    [({WHY: LANDED}, "landed", None), ({CONTINUED_BY: SECOND}, "released", SECOND)],
)
def test_how_it_was_released(extra: dict[str, Any], kind: str, instead: str | None) -> None:
    held = a_reservation("a.py")

    (event,) = told({FIRST: held}, {FIRST: held, END: end_of(FIRST, extra=extra)})

    assert (event.kind, event.instead) == (kind, instead)


def test_what_is_united_goes_on_in_the_union() -> None:
    small = a_reservation("a.py", extra=marks())
    union = a_reservation("a.py", "b.py", extra={**marks(NOON), REPLACES: [FIRST]})

    events = told({FIRST: small}, {FIRST: small, SECOND: union})

    assert kinds(events) == [("released", FIRST), ("added", SECOND)]
    assert events[0].instead == SECOND


def test_who_comes_meets_who_is_there_once_a_pair() -> None:
    there = a_reservation("a.py::f")
    whole = a_reservation("a.py", run_id="b", created_at=NOON + MINUTE)
    other = a_reservation("a.py::g", run_id="c", created_at=NOON + MINUTE / 2)

    events = told({FIRST: there}, {FIRST: there, SECOND: whole, THIRD: other})

    assert kinds(events) == [
        ("added", THIRD),
        ("added", SECOND),
        ("conflict", SECOND),
        ("conflict", SECOND),
    ]
    met = {event.conflicts[0].held.reservation_id for event in events if event.conflicts}
    assert met == {FIRST, THIRD}
    # later nobody comes, and who is there meets nobody anew
    records: dict[RecordId, Record] = {FIRST: there, SECOND: whole, THIRD: other}
    assert told(records, records) == []


def test_two_addresses_of_one_pair_are_one_conflict() -> None:
    there = a_reservation("a.py", "b.py")
    coming = a_reservation("a.py", "b.py", run_id="b")

    *_, event = told({FIRST: there}, {FIRST: there, SECOND: coming})

    assert [str(conflict.asked) for conflict in event.conflicts] == ["a.py", "b.py"]


def test_who_depends_waits_and_is_ready() -> None:
    needed = a_reservation("a.py")
    waiting = a_reservation("b.py", depends_on=(FIRST,))

    begun = told({FIRST: needed}, {FIRST: needed, SECOND: waiting})
    done = told(
        {FIRST: needed, SECOND: waiting}, {FIRST: needed, SECOND: waiting, END: end_of(FIRST)}
    )

    assert kinds(begun) == [("added", SECOND), ("waiting", SECOND)]
    assert begun[1].awaited == (FIRST,)
    assert kinds(done) == [("released", FIRST), ("ready", SECOND)]


def test_what_came_and_went_between_two_looks_is_told_as_both() -> None:
    held = a_reservation("a.py")

    assert kinds(told({}, {FIRST: held, END: end_of(FIRST)})) == [
        ("added", FIRST),
        ("released", FIRST),
    ]
    # but not what had ended by itself before anybody looked
    assert told({}, {FIRST: held, END: end_of(FIRST)}, then=60, now=61) == []


def test_what_is_not_there_any_more_counts_as_released() -> None:
    held = a_reservation("a.py")

    assert kinds(told({FIRST: held}, {})) == [("released", FIRST)]
    # its time was over, and a sweep took it away at once
    assert kinds(told({FIRST: held}, {}, now=75)) == [("expired", FIRST)]
