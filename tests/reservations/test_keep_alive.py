"""Keeping alive by the way: real repositories, a clock that is fixed."""

from __future__ import annotations

from datetime import datetime, timedelta

from git_muse_coord.coordinator.keep_alive import keep_alive
from git_muse_coord.model.text_types import RecordId, RunId
from tests.tools import NOON, Repo

MINUTE = timedelta(minutes=1)
ANN = RunId("ann")


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def test_one_record_is_written_at_a_third_of_the_life_and_none_before(repo: Repo) -> None:
    clock = Clock()
    session = repo.coordinator(clock=clock)
    held = session.reserve(["src/billing.py"], run_id="ann").reservation_id
    clock.now = NOON + 20 * MINUTE
    assert keep_alive(session, ANN, session.store.look()) == []

    clock.now = NOON + 21 * MINUTE
    [beat] = keep_alive(session, ANN, session.store.look())

    assert (beat.subject, beat.run_id) == (held, "ann")
    assert beat.expires_at == clock.now + 60 * MINUTE
    assert keep_alive(session, ANN, session.store.look()) == []
    assert len(repo.refs("refs/muse/heartbeats/")) == 1


def test_what_others_hold_and_what_was_released_is_left_alone(repo: Repo) -> None:
    clock = Clock()
    session = repo.coordinator(clock=clock)
    session.reserve(["src/billing.py"], run_id="bob")
    over = session.reserve(["README.md"], run_id="ann").reservation_id
    assert over
    session.release([over], run_id="ann")
    clock.now = NOON + 40 * MINUTE

    assert keep_alive(session, ANN, session.store.look()) == []
    assert repo.refs("refs/muse/heartbeats/") == {}


def test_what_has_ended_since_the_snapshot_can_be_spared(repo: Repo) -> None:
    clock = Clock()
    session = repo.coordinator(clock=clock)
    one = session.reserve(["src/billing.py"], run_id="ann").reservation_id
    other = session.reserve(["README.md"], run_id="ann").reservation_id
    assert one
    clock.now = NOON + 40 * MINUTE

    beats = keep_alive(session, ANN, session.store.look(), apart_from=[RecordId(one)])

    assert [beat.subject for beat in beats] == [other]


def test_all_that_a_run_holds_is_found_among_what_others_hold_at_the_same_paths(repo: Repo) -> None:
    clock = Clock()
    session = repo.coordinator(clock=clock)
    for run_id in ("an", "ann", "anne", "ann/child"):
        session.reserve(["src/billing.py", "README.md"], run_id=run_id)
    world = session.store.look().world_of(ANN)

    assert [held.run_id for held in world.reservations.values()] == ["ann"]
