from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from git_muse_coord.model.records import MAX_SECONDS, Heartbeat, Release, Reservation
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.state import World, lives_until, same_holder
from tests import strategies
from tests.tools import NOON, a_reservation

ONE = RecordId("sha256:" + "1" * 64)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)


def beat(*, run_id: str = "a", at: datetime = NOON, until: datetime, nonce: str = "n") -> Heartbeat:
    return Heartbeat(run_id=RunId(run_id), nonce=nonce, subject=ONE, beat_at=at, expires_at=until)


def release(run_id: str = "a") -> Release:
    return Release(
        run_id=RunId(run_id),
        nonce="n",
        reservation_id=ONE,
        outcome="done",
        released_at=NOON,
        expires_at=NOON + HOUR,
    )


def world(*beats: Heartbeat, released: bool = False) -> World:
    return World.of(
        {
            ONE: a_reservation("a.py"),
            **{RecordId(f"sha256:{number:064x}"): one for number, one in enumerate(beats)},
            **({RecordId("sha256:" + "f" * 64): release()} if released else {}),
        }
    )


def test_a_reservation_is_active_until_its_expiry_and_not_at_it() -> None:
    assert world().state(ONE, NOON + HOUR - TICK) == "active"
    assert world().state(ONE, NOON + HOUR) == "expired"


def test_a_released_reservation_is_released_whatever_the_time() -> None:
    assert world(released=True).state(ONE, NOON) == "released"
    assert world(released=True).state(ONE, NOON + 9 * HOUR) == "released"
    assert world(beat(until=NOON + 9 * HOUR), released=True).state(ONE, NOON) == "released"


def test_a_heartbeat_of_the_holder_moves_the_expiry() -> None:
    assert world(beat(until=NOON + 3 * HOUR)).effective_expiry(ONE) == NOON + 3 * HOUR


def test_a_heartbeat_never_moves_the_expiry_to_an_earlier_time() -> None:
    assert world(beat(until=NOON)).effective_expiry(ONE) == NOON + HOUR


def test_a_heartbeat_of_another_run_counts_for_nothing() -> None:
    assert world(beat(run_id="b", until=NOON + 3 * HOUR)).effective_expiry(ONE) == NOON + HOUR


def test_the_latest_of_several_heartbeats_counts() -> None:
    several = [beat(until=NOON + hours * HOUR) for hours in (2, 5, 3)]
    assert world(*several).effective_expiry(ONE) == NOON + 5 * HOUR


def test_a_heartbeat_reaches_a_year_at_most() -> None:
    year = timedelta(seconds=MAX_SECONDS)
    assert lives_until(beat(until=NOON + 2 * year)) == NOON + year
    assert lives_until(beat(until=NOON + year)) == NOON + year


def test_a_forged_heartbeat_at_the_end_of_the_calendar_does_no_harm() -> None:
    end = datetime.max.replace(tzinfo=UTC)
    assert world(beat(at=end, until=end)).state(ONE, NOON) == "active"


def test_a_later_heartbeat_dominates_the_earlier_ones_of_its_run_only() -> None:
    early = beat(until=NOON + 2 * HOUR, nonce="early")
    equal = beat(until=NOON + 3 * HOUR, nonce="equal")
    later = beat(until=NOON + 4 * HOUR, nonce="later")
    foreign = beat(run_id="b", until=NOON + 2 * HOUR)
    new = beat(until=NOON + 3 * HOUR, nonce="new")

    assert list(world(early, equal, later, foreign).dominated(new).values()) == [early, equal]


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(0, 10), st.integers(0, 10**6)), max_size=6
    )
)
def test_dropping_what_a_heartbeat_dominates_never_moves_the_expiry(
    some: list[tuple[str, int, int]],
) -> None:
    beats = [
        beat(run_id=run, at=NOON + hours * HOUR, until=NOON + minutes * HOUR, nonce=str(number))
        for number, (run, hours, minutes) in enumerate(some)
    ]
    everything = world(*beats)
    for new in beats:
        gone = everything.dominated(new).values()
        kept = world(*(one for one in beats if one not in gone))
        assert kept.effective_expiry(ONE) == everything.effective_expiry(ONE)


def test_satellites_of_what_is_not_there_do_no_harm() -> None:
    stray = World.of(
        {
            RecordId("sha256:" + "2" * 64): release(),
            RecordId("sha256:" + "3" * 64): beat(until=NOON),
        }
    )

    assert stray.active(NOON) == {}
    assert not stray.is_active(ONE, NOON)


@pytest.mark.slow
@given(st.lists(strategies.reservations, max_size=5), strategies.times)
def test_active_ones_come_oldest_first_and_are_exactly_those_in_state_active(
    some: list[Reservation], now: datetime
) -> None:
    here = World.of({RecordId(f"sha256:{number:064x}"): one for number, one in enumerate(some)})

    active = here.active(now)

    assert set(active) == {one for one in here.reservations if here.state(one, now) == "active"}
    assert [one.created_at for one in active.values()] == sorted(
        one.created_at for one in active.values()
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("a", "a", True), ("a", "b", False), ("unknown", "unknown", False), ("a", "A", False)],
)
def test_equal_run_ids_are_one_holder_unless_unknown(one: str, other: str, same: bool) -> None:
    assert same_holder(RunId(one), RunId(other)) is same
