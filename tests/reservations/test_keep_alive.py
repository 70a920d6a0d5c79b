"""Keeping alive by the way: real repositories, a clock that is fixed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from git_muse_coord.coordinator.keep_alive import keep_alive
from git_muse_coord.model.records import MAX_SECONDS
from git_muse_coord.model.text_types import RecordId, RunId
from tests.reservations.clock import Clock
from tests.tools import NOON, Repo, a_reservation

MINUTE = timedelta(minutes=1)
ANN = RunId("ann")


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


def test_each_writing_verb_keeps_alive_what_else_the_run_holds(repo: Repo) -> None:
    clock = Clock()
    session = repo.coordinator(clock=clock)
    held = session.reserve(["README.md"], run_id="ann", ttl=MAX_SECONDS).reservation_id
    spare = session.reserve(["src/"], run_id="ann", ttl=MAX_SECONDS).reservation_id
    long = session.reserve(["x.py"], run_id="ann", ttl=600).reservation_id
    assert held
    assert spare
    acts: list[Callable[[], object]] = [
        lambda: session.reserve(["new.py"], run_id="ann", ttl=MAX_SECONDS),
        lambda: session.intent(["new.py"], op="modify", run_id="ann"),
        lambda: session.heartbeat([held], run_id="ann"),
        lambda: session.release([spare], run_id="ann"),
        lambda: session.reserve(["strict.py"], run_id="ann", ttl=MAX_SECONDS, strict=True),
    ]

    for act in acts:
        clock.now += 4 * MINUTE
        act()
        alive = session.show(long or "")

        assert alive.state == "active"
        assert session.store.look().world().effective_expiry(RecordId(long or "")) == (
            clock.now + 10 * MINUTE
        )


def test_no_reading_verb_writes(repo: Repo) -> None:
    clock = Clock()
    session = repo.coordinator(clock=clock)
    held = session.reserve(["src/billing.py"], run_id="ann").reservation_id
    assert held
    clock.now += 50 * MINUTE
    before = repo.refs("refs/")

    session.list()
    session.status(run_id="ann")
    session.show(held)
    session.check(run_id="ann")
    session.forecast()
    session.dag()
    session.reserve(["src/billing.py"], run_id="ann", dry_run=True)

    assert repo.refs("refs/") == before


def test_a_disk_that_is_full_for_a_heartbeat_fails_no_verb(repo: Repo) -> None:
    clock = Clock()
    session = repo.coordinator(clock=clock)
    held = session.reserve(["src/billing.py"], run_id="ann").reservation_id
    assert held
    clock.now += 50 * MINUTE
    # A file where the refs of heartbeats belong: git can write none of them.
    (repo.git_dir / "refs" / "muse" / "heartbeats").write_text("in the way")

    assert session.reserve(["README.md"], run_id="ann").reservation_id
    assert session.release([held], run_id="ann").released == (held,)


def test_a_commit_of_its_own_keeps_alive_what_the_run_holds(repo: Repo) -> None:
    repo.git("config", "muse-coord.runId", "ann")
    repo.json("install", "--hooks")
    repo.muse("reserve", "README.md", "--ttl", "600")
    past = datetime.now(UTC) - timedelta(minutes=5)
    held = repo.plant_record(
        a_reservation(
            "src/billing.py",
            run_id="ann",
            created_at=past,
            expires_at=past + timedelta(minutes=10),
        )
    )

    repo.write("src/shop.py", "X = 1\n")
    repo.commit("Something else")

    (oid,) = repo.refs("refs/muse/heartbeats/").values()
    assert json.loads(repo.git("cat-file", "blob", oid))["subject"] == held
