"""Letting go by address, in a real repository."""

from __future__ import annotations

import pytest

from tests.reservations.clock import Clock
from tests.tools import NOON, Repo

F = "src/billing.py::compute_total"


def test_every_reservation_of_mine_at_an_address_goes(repo: Repo) -> None:
    repo.git("config", "muse-coord.runId", "ann")
    one = repo.reserve(F)
    other = repo.reserve(F, "--op", "modify")
    kept = repo.reserve("README.md")
    bobs = repo.reserve(F, "--run-id", "bob")

    answer = repo.json("release", F)

    assert answer["released"] == [one, other]
    assert answer["remainders"] == []
    assert sorted(repo.held()) == sorted([kept, bobs])


def test_the_rest_of_a_reservation_stays_held_until_the_same_time(repo: Repo) -> None:
    clock = Clock()
    session = repo.coordinator(clock=clock)
    first = session.reserve(["x.py"], run_id="ann").reservation_id or ""
    whole = session.reserve(
        [F, "README.md"], run_id="ann", op="modify", reason="why", depends_on=[first]
    )
    session.heartbeat([whole.reservation_id or ""], run_id="ann", extension=7200)
    clock.now = NOON.replace(hour=13)

    answer = session.release([F], run_id="ann")

    (rest,) = answer.remainders
    (held,) = [one for one in session.list().reservations if "README.md" in one.addresses]
    assert (rest.reservation_id, rest.instead_of) == (held.reservation_id, whole.reservation_id)
    assert answer.released == (whole.reservation_id,)
    assert held.addresses == ("README.md",)
    assert (held.branch, held.commit) == (whole.branch, whole.commit)
    assert (held.operation, held.reason, held.depends_on) == ("modify", "why", (first,))
    assert (held.created_at, held.effective_expires_at) == (NOON, NOON.replace(hour=14))


def test_who_waits_for_a_part_waits_for_the_rest(repo: Repo) -> None:
    whole = repo.reserve(F, "README.md", "--run-id", "ann")
    waiting = repo.reserve("x.py", "--run-id", "bob", "--depends-on", whole)

    assert repo.json("release", F, "--run-id", "ann")["became_ready"] == []
    again = repo.json("reserve", "y.py", "--run-id", "bob", "--depends-on", whole)
    assert again["blocked_by"] == [whole]
    waits = repo.json("status", "--run-id", "ann")["waiting_for_me"]
    assert [one["reservation_id"] for one in waits][:1] == [waiting]
    ready = repo.json("release", "README.md", "--run-id", "ann")["became_ready"]
    assert ready == [waiting, again["reservation_id"]]


def test_the_text_says_what_is_still_held(repo: Repo) -> None:
    repo.reserve(F, "README.md", "--run-id", "ann")

    out = repo.muse("release", "README.md", "--run-id", "ann").out

    assert "Still held until " in out
    assert f"Address:        {F}" in out


@pytest.mark.parametrize("what", ["README.md", "src/billing.py::other", "zzz"])
def test_where_nothing_is_held_nothing_is_released(repo: Repo, what: str) -> None:
    held = repo.reserve(F, "--run-id", "ann")

    ran = repo.muse("release", F, what, "--run-id", "ann")

    assert ran.code == 4
    assert f"run-id 'ann' holds nothing at {what}" in ran.err
    assert repo.held() == [held]


def test_what_is_held_around_an_address_is_named(repo: Repo) -> None:
    repo.reserve("src/", "--run-id", "ann")

    ran = repo.muse("release", F, "--run-id", "ann")

    assert ran.code == 4
    assert "it holds src/, which is around it: release that" in ran.err


def test_an_id_and_an_address_of_one_reservation_release_all_of_it(repo: Repo) -> None:
    held = repo.reserve(F, "README.md", "--run-id", "ann")

    answer = repo.json("release", held[:20], "README.md", "--run-id", "ann")

    assert (answer["released"], answer["remainders"]) == ([held], [])


def test_a_file_that_is_named_like_an_id_is_told_apart_by_where_it_is(repo: Repo) -> None:
    held = repo.reserve("abcdef0", "--run-id", "ann")

    assert repo.muse("release", "abcdef0", "--run-id", "ann").code == 4
    assert repo.json("release", "./abcdef0", "--run-id", "ann")["released"] == [held]


def test_what_is_kept_is_free_at_no_moment(repo: Repo) -> None:
    repo.reserve(F, "README.md", "--run-id", "ann")
    for _ in range(5):
        repo.reserve("README.md", "--run-id", "ann", "--new")

    repo.json("release", F, "--run-id", "ann")

    stopped = repo.json("reserve", "README.md", "--run-id", "bob", "--strict", code=2)
    assert len(stopped["conflicts"]) == 6
