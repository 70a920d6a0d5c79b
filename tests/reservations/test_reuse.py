"""The same asked again: what stands already is extended, in real repositories and by real processes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from git_muse_coord.coordinator import Coordinator
from git_muse_coord.coordinator.keep_alive import sign_of_life
from git_muse_coord.model.errors import Stopped
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.store.records.records import RecordStore
from tests.e2e.crowd import Crowd
from tests.reservations.clock import Clock
from tests.tools import NOON, Repo

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
ASKED: dict[str, Any] = {"run_id": "ann", "op": "modify", "reason": "rounding"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def session(repo: Repo, clock: Clock) -> Coordinator:
    return repo.coordinator(clock=clock)


def test_the_same_again_is_the_same_reservation_and_writes_nothing_while_it_is_fresh(
    repo: Repo, session: Coordinator, clock: Clock
) -> None:
    first = session.reserve(["src/billing.py"], **ASKED)
    before = repo.refs("refs/")

    clock.now += 20 * MINUTE
    again = session.reserve(["./src/billing.py", "src/billing.py"], **ASKED)

    assert (first.reused, again.reused) == (False, True)
    assert again.reservation_id == first.reservation_id
    assert (again.created_at, again.expires_at) == (NOON, NOON + HOUR)
    assert repo.refs("refs/") == before


def test_after_a_third_of_its_life_it_is_extended_by_one_heartbeat(
    repo: Repo, session: Coordinator, clock: Clock
) -> None:
    first = session.reserve(["src/billing.py"], **ASKED)

    clock.now += 21 * MINUTE
    again = session.reserve(["src/billing.py"], **ASKED)
    and_again = session.reserve(["src/billing.py"], **ASKED)

    assert again.reservation_id == and_again.reservation_id == first.reservation_id
    assert again.expires_at == and_again.expires_at == clock.now + HOUR
    assert (again.created_at, again.commit) == (first.created_at, first.commit)
    assert len(repo.refs("refs/muse/heartbeats/")) == len(repo.refs("refs/muse/reservations/")) == 1


def test_a_longer_life_is_given_at_once_and_a_shorter_one_shortens_nothing(
    session: Coordinator,
) -> None:
    session.reserve(["src/billing.py"], **ASKED)

    longer = session.reserve(["src/billing.py"], **ASKED, ttl=7200)
    shorter = session.reserve(["src/billing.py"], **ASKED, ttl=60)

    assert longer.expires_at == shorter.expires_at == NOON + 2 * HOUR


@pytest.mark.parametrize(
    "changed",
    [
        {"run_id": "bob"},
        {"op": "rename"},
        {"op": None},
        {"reason": None},
        {"reason": "rounding "},
        {"new": True},
    ],
    ids=str,
)
def test_what_differs_is_a_reservation_of_its_own(
    session: Coordinator, changed: dict[str, Any]
) -> None:
    first = session.reserve(["src/billing.py"], **ASKED)

    other = session.reserve(["src/billing.py"], **{**ASKED, **changed})

    assert not other.reused
    assert other.reservation_id != first.reservation_id


def test_other_addresses_and_dependencies_are_reservations_of_their_own(
    session: Coordinator,
) -> None:
    first = session.reserve(["src/billing.py"], **ASKED)
    asked = [
        session.reserve(["src/billing.py::compute_total"], **ASKED),
        session.reserve(["src/billing.py", "README.md"], **ASKED),
        session.reserve(["src/billing.py"], **ASKED, depends_on=[first.reservation_id or ""]),
    ]

    assert not any(answer.reused for answer in asked)
    assert len(session.list().reservations) == 4


def test_another_branch_is_another_reservation_in_any_worktree(repo: Repo, tmp_path: Path) -> None:
    repo.git("branch", "topic")
    beside = tmp_path / "beside it"
    repo.git("worktree", "add", "-q", str(beside), "topic")
    other = Repo(beside)
    one = repo.reserve("src/billing.py", "--run-id", "ann")

    assert other.reserve("src/billing.py", "--run-id", "ann") != one
    repo.git("switch", "-q", "--detach")
    other.git("switch", "-q", "main")
    again = other.json("reserve", "src/billing.py", "--run-id", "ann")
    assert (again["reservation_id"], again["reused"]) == (one, True)


def test_what_was_released_or_has_expired_is_not_reused(session: Coordinator, clock: Clock) -> None:
    first = session.reserve(["src/billing.py"], **ASKED).reservation_id
    assert first
    session.release([first], run_id="ann")
    second = session.reserve(["src/billing.py"], **ASKED)
    assert not second.reused

    clock.now += HOUR
    assert not session.reserve(["src/billing.py"], **ASKED).reused


def test_nobody_in_particular_never_has_the_same_again(repo: Repo) -> None:
    one = repo.json("reserve", "src/billing.py", "--run-id", "unknown")
    other = repo.json("reserve", "src/billing.py", "--run-id", "unknown")

    assert (one["reused"], other["reused"]) == (False, False)
    assert len(repo.refs()) == 2


def test_a_dry_run_tells_it_and_writes_nothing(
    repo: Repo, session: Coordinator, clock: Clock
) -> None:
    session.reserve(["src/billing.py"], **ASKED)
    before = repo.refs("refs/")
    clock.now += 30 * MINUTE

    told = session.reserve(["src/billing.py"], **ASKED, dry_run=True)

    assert (told.reused, told.reservation_id) == (True, None)
    assert (told.created_at, told.expires_at) == (NOON, clock.now + HOUR)
    assert repo.refs("refs/") == before


def test_the_text_says_that_it_is_the_same(repo: Repo) -> None:
    first = repo.reserve("src/billing.py", "--run-id", "ann")

    ran = repo.muse("reserve", "src/billing.py", "--run-id", "ann")

    assert f"Reservation ID: {first}" in ran.out
    assert "kept, no second one was made" in ran.out


def test_others_are_told_of_as_with_a_new_one(session: Coordinator) -> None:
    session.reserve(["src/billing.py"], **ASKED)
    other = session.reserve(["src/"], run_id="bob").reservation_id

    again = session.reserve(["src/billing.py"], **ASKED)

    assert again.reused
    assert [conflict.reservation_id for conflict in again.conflict_details] == [other]


def test_a_lost_cache_makes_no_second_record(repo: Repo) -> None:
    first = repo.reserve("src/billing.py", "--run-id", "ann")
    (cache,) = (repo.git_dir / "muse-coord").glob("records-*.sqlite3")
    cache.unlink()

    assert repo.json("reserve", "src/billing.py", "--run-id", "ann")["reservation_id"] == first


def test_what_is_released_while_it_is_extended_is_reserved_anew(
    repo: Repo, session: Coordinator, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = session.reserve(["src/billing.py"], **ASKED).reservation_id
    assert first
    clock.now += 30 * MINUTE
    write = RecordStore.write

    def released_before(self: RecordStore, *given: Any, **options: Any) -> bool:
        monkeypatch.setattr(RecordStore, "write", write)
        repo.coordinator(clock=clock).release([first], run_id="ann")
        return write(self, *given, **options)

    monkeypatch.setattr(RecordStore, "write", released_before)
    again = session.reserve(["src/billing.py"], **ASKED)

    assert not again.reused
    assert [held.reservation_id for held in session.list().reservations] == [again.reservation_id]


@pytest.mark.slow
def test_eight_processes_of_one_run_that_race_are_never_without_a_reservation(repo: Repo) -> None:
    with Crowd(repo.path, 8) as crowd:
        for number in range(6):
            told = crowd.race([f"f{number}.py"], [False] * 8, run_id="ann")
            assert [answer.code for answer in told] == [0] * 8
            made = {answer.reservation_id for answer in told}
            # What stands by then is all that anybody gets from now on: one, the same for all.
            again = crowd.race([f"f{number}.py"], [False] * 8, run_id="ann")
            (kept,) = {answer.reservation_id for answer in again}

            assert kept in made
            assert made <= set(repo.held())
    assert repo.bad() == {}


@pytest.mark.slow
def test_strict_ones_of_one_run_that_race_all_get_in(repo: Repo) -> None:
    with Crowd(repo.path, 8) as crowd:
        for number in range(3):
            told = crowd.race([f"f{number}.py"], [True] * 8, run_id="ann")

            assert [answer.code for answer in told] == [0] * 8
            assert {answer.reservation_id for answer in told} <= set(repo.held())


def test_a_plain_reservation_is_no_answer_to_strict(session: Coordinator) -> None:
    plain = session.reserve(["src/billing.py"], **ASKED)

    strict = session.reserve(["src/billing.py"], **ASKED, strict=True)
    again = session.reserve(["src/billing.py"], **ASKED, strict=True)

    assert (strict.reused, again.reused) == (False, True)
    assert plain.reservation_id != strict.reservation_id == again.reservation_id


def test_strict_is_answered_by_what_the_epoch_still_tells_to_be_admitted(
    session: Coordinator,
) -> None:
    session.reserve(["src/billing.py"], **ASKED, strict=True)
    for number in range(63):
        session.reserve([f"file-{number}.md"], run_id="bob", strict=True)
    assert session.reserve(["src/billing.py"], **ASKED, strict=True).reused

    session.reserve(["README.md"], run_id="bob", strict=True)
    assert not session.reserve(["src/billing.py"], **ASKED, strict=True).reused


def test_strict_contends_anew_for_what_wants_a_sign_of_life(
    session: Coordinator, clock: Clock
) -> None:
    session.reserve(["src/billing.py"], **ASKED, strict=True)
    clock.now += 21 * MINUTE

    again = session.reserve(["src/billing.py"], **ASKED, strict=True)

    assert not again.reused
    assert again.expires_at == clock.now + HOUR


def test_strict_is_stopped_by_who_came_in_plainly_since(session: Coordinator) -> None:
    first = session.reserve(["src/billing.py"], **ASKED, strict=True).reservation_id
    session.reserve(["src/"], run_id="bob")

    with pytest.raises(Stopped):
        session.reserve(["src/billing.py"], **ASKED, strict=True)

    mine = [held.reservation_id for held in session.status(run_id="ann").mine]
    assert mine == [first]


def test_a_forged_sign_of_life_extends_nothing(repo: Repo, session: Coordinator) -> None:
    first = RecordId(session.reserve(["src/billing.py"], **ASKED).reservation_id or "")
    repo.plant_record(sign_of_life(session, RunId("mallory"), first, NOON, NOON + 9 * HOUR))

    again = session.reserve(["src/billing.py"], **ASKED)

    assert again.expires_at == NOON + HOUR
