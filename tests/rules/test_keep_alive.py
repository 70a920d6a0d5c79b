from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, strategies as st

from git_muse_coord.model.records import MAX_SECONDS, Heartbeat, Record, Release
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.keep_alive import Life, life_of, renewals, renewed_end
from git_muse_coord.rules.state import World
from tests.tools import NOON, a_reservation

ONE = RecordId("sha256:" + "1" * 64)
OTHER = RecordId("sha256:" + "2" * 64)
BEAT = RecordId("sha256:" + "3" * 64)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
TICK = timedelta(microseconds=1)
AN_HOUR = Life(NOON, NOON + HOUR)

spans = st.timedeltas(timedelta(seconds=1), timedelta(seconds=MAX_SECONDS))


def beat(
    *, by: str = "a", at: datetime = NOON, until: datetime, subject: RecordId = ONE
) -> Heartbeat:
    return Heartbeat(run_id=RunId(by), nonce="n", subject=subject, beat_at=at, expires_at=until)


def world(record: Record | None = None) -> World:
    records: dict[RecordId, Record] = {ONE: a_reservation("a.py")}
    if record is not None:
        records[BEAT] = record
    return World.of(records)


def test_what_has_had_no_third_of_its_life_wants_no_sign_of_life() -> None:
    assert renewed_end(AN_HOUR, NOON) is None
    assert renewed_end(AN_HOUR, NOON + 20 * MINUTE) is None


def test_what_has_had_a_third_of_its_life_is_extended_by_all_of_it() -> None:
    now = NOON + 20 * MINUTE + TICK

    assert renewed_end(AN_HOUR, now) == now + HOUR


def test_who_asks_for_longer_gets_it_at_once() -> None:
    assert renewed_end(AN_HOUR, NOON, asked=HOUR) is None
    assert renewed_end(AN_HOUR, NOON + TICK, asked=HOUR + TICK) == NOON + HOUR + 2 * TICK


def test_the_life_is_that_of_the_heartbeat_that_reaches_furthest() -> None:
    extended = beat(at=NOON + 30 * MINUTE, until=NOON + 2 * HOUR)

    assert life_of(ONE, world()) == AN_HOUR
    assert life_of(ONE, world(extended)) == Life(NOON + 30 * MINUTE, NOON + 2 * HOUR)


def test_a_heartbeat_of_another_run_changes_no_life() -> None:
    forged = beat(by="b", at=NOON + 30 * MINUTE, until=NOON + 9 * HOUR)

    assert life_of(ONE, world(forged)) == AN_HOUR


def test_of_two_that_end_at_once_the_later_sign_of_life_counts() -> None:
    short = beat(at=NOON + 30 * MINUTE, until=NOON + HOUR)

    assert life_of(ONE, world(short)) == Life(NOON + 30 * MINUTE, NOON + HOUR)


def test_only_what_the_run_holds_and_what_is_still_active_is_renewed() -> None:
    due = NOON + 30 * MINUTE
    released = Release(
        run_id=RunId("a"),
        nonce="n",
        reservation_id=ONE,
        outcome="done",
        released_at=NOON,
        expires_at=NOON + HOUR,
    )

    assert renewals(RunId("a"), world(), due) == {ONE: due + HOUR}
    assert renewals(RunId("b"), world(), due) == {}
    assert renewals(RunId("a"), world(), NOON + HOUR) == {}
    assert renewals(RunId("a"), world(released), due) == {}


def test_nobody_keeps_alive_what_unknown_runs_hold() -> None:
    nameless = World.of({ONE: a_reservation("a.py", run_id="unknown")})

    assert renewals(RunId("unknown"), nameless, NOON + 30 * MINUTE) == {}


@given(length=spans, passed=spans, asked=st.just(timedelta()) | spans)
def test_a_renewal_never_shortens_and_is_fresh_afterwards(
    length: timedelta, passed: timedelta, asked: timedelta
) -> None:
    life = Life(NOON, NOON + length)
    now = NOON + passed

    end = renewed_end(life, now, asked)

    if end is None:
        assert passed <= length / 3
        assert asked <= length
    else:
        assert end >= life.ends
        assert end >= now + min(max(length, asked), timedelta(seconds=MAX_SECONDS))
        assert renewed_end(Life(now, end), now, asked) is None


@given(length=spans, steps=st.lists(st.floats(0, 0.6), max_size=30))
def test_who_acts_often_enough_never_loses_a_reservation_and_writes_few_records(
    length: timedelta, steps: list[float]
) -> None:
    known: dict[RecordId, Record] = {ONE: a_reservation("a.py", expires_at=NOON + length)}
    now = NOON
    for number, step in enumerate(steps):
        now += step * length
        for reservation_id, until in renewals(RunId("a"), World.of(known), now).items():
            known[RecordId(f"sha256:{number + 10:064x}")] = beat(
                at=now, until=until, subject=reservation_id
            )

        assert World.of(known).is_active(ONE, now)
    beats = len(known) - 1
    assert beats <= 3 * (now - NOON) / length
