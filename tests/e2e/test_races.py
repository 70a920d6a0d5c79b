"""Who races for one address: with --strict exactly one gets in, and otherwise nobody is left in the dark."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from itertools import count

import pytest

from git_muse_coord.coordinator.session import random_nonce
from git_muse_coord.model.errors import Stopped
from tests.e2e.crowd import Crowd, Told, nobody_was_left_in_the_dark
from tests.tools import Repo

pytestmark = pytest.mark.slow


def test_of_two_plain_agents_that_race_at_least_one_hears_of_the_other(repo: Repo) -> None:
    with Crowd(repo.path, 2) as crowd:
        for number in range(40):
            told = crowd.race([f"f{number}.py"], [False, False])

            assert [one.code for one in told] == [0, 0]
            assert nobody_was_left_in_the_dark(told)


def test_of_a_crowd_of_plain_agents_no_two_miss_each_other(repo: Repo) -> None:
    with Crowd(repo.path, 8) as crowd:
        for number in range(10):
            told = crowd.race([f"d{number}/", f"d{number}/f.py::g"], [False] * 8)

            assert all(one.reservation_id for one in told)
            assert nobody_was_left_in_the_dark(told)
    assert len(repo.held()) == 80
    assert repo.bad() == {}


def test_of_strict_ones_that_race_exactly_one_gets_in_and_the_others_leave_nothing(
    repo: Repo,
) -> None:
    winners: list[str | None] = []
    with Crowd(repo.path, 12) as crowd:
        for number in range(10):
            told = crowd.race([f"f{number}.py::g"], [True] * 12)

            assert sorted(one.code for one in told) == [0, *[2] * 11]
            winners += [one.reservation_id for one in told if one.code == 0]
    assert repo.held() == winners
    assert len(repo.refs()) == 10
    repo.sound()


def test_strict_ones_on_addresses_of_their_own_all_get_in(repo: Repo) -> None:
    with Crowd(repo.path, 6) as crowd:
        for round_ in range(4):
            told = crowd.race([f"r{round_}/"], [True] * 6, apart=True)

            assert [one.code for one in told] == [0] * 6
    assert len(repo.refs()) == 24


def test_strict_and_plain_ones_mixed_never_leave_two_who_heard_of_no_conflict(repo: Repo) -> None:
    admitted = 0
    with Crowd(repo.path, 6) as crowd:
        for number in range(12):
            told = crowd.race([f"f{number}.py"], [True, False, True, False, True, True])

            strict = [told[place] for place in (0, 2, 4, 5)]
            assert [told[1].code, told[3].code] == [0, 0]
            assert {one.code for one in strict} <= {0, 2}
            assert sum(one.code == 0 for one in strict) <= 1
            assert all(one.reservation_id is None for one in strict if one.code == 2)
            assert nobody_was_left_in_the_dark(told)
            admitted += sum(one.reservation_id is not None for one in told)
    assert len(repo.refs()) == admitted
    assert repo.bad() == {}


def _between_the_look_and_the_entry(meanwhile: Callable[[], object]) -> Callable[[], str]:
    """A source of nonces that lets something happen when a strict reservation has looked and is about to enter."""
    calls = count(1)

    def nonce() -> str:
        if next(calls) == 2:  # the first is for the reservation, made before it looks
            meanwhile()
        return random_nonce()

    return nonce


def test_a_strict_one_withdraws_when_a_plain_one_came_in_after_it_looked(repo: Repo) -> None:
    plain: list[str] = []
    strict = repo.coordinator(
        nonce=_between_the_look_and_the_entry(lambda: plain.append(repo.reserve("a.py")))
    )

    with pytest.raises(Stopped) as stopped:
        strict.reserve(["a.py"], run_id="s", strict=True)

    assert [one.reservation_id for one in stopped.value.result.conflict_details] == plain
    assert repo.held() == plain
    assert len(repo.refs()) == 1
    repo.sound()
    assert (
        repo.muse("reserve", "b.py", "--strict").code == 0
    )  # an epoch whose reservation is gone stops nobody


def test_a_strict_one_gives_way_to_another_that_entered_after_it_looked(repo: Repo) -> None:
    first: list[str] = []
    late = repo.coordinator(
        nonce=_between_the_look_and_the_entry(
            lambda: first.append(repo.reserve("a.py", "--strict", "--run-id", "f"))
        )
    )

    with pytest.raises(Stopped):
        late.reserve(["a.py"], run_id="s", strict=True)

    assert repo.held() == first
    assert len(repo.refs()) == 1


def test_a_strict_one_tries_again_when_another_entered_elsewhere(repo: Repo) -> None:
    first: list[str] = []
    late = repo.coordinator(
        nonce=_between_the_look_and_the_entry(
            lambda: first.append(repo.reserve("b.py", "--strict", "--run-id", "f"))
        )
    )

    second = late.reserve(["a.py"], run_id="s", strict=True).reservation_id

    assert sorted(repo.held()) == sorted([*first, str(second)])


def test_of_strict_commands_that_race_exactly_one_exits_0_and_the_others_2(repo: Repo) -> None:
    for number in range(2):
        commands = [
            subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "git_muse_coord",
                    "reserve",
                    f"f{number}.py",
                    "--strict",
                    "--run-id",
                    f"r{who}",
                ],
                cwd=repo.path,
                env=os.environ,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            for who in range(12)
        ]
        for command in commands:
            command.communicate()
        assert sorted(command.returncode for command in commands) == [0, *[2] * 11]
    assert len(repo.refs()) == 2


def test_two_who_release_the_same_reservation_at_once_do_not_both_succeed(repo: Repo) -> None:
    one = repo.reserve("a.py", "--run-id", "a")
    commands = [
        subprocess.Popen(
            [sys.executable, "-m", "git_muse_coord", "release", one, "--run-id", "a"],
            cwd=repo.path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(6)
    ]
    for command in commands:
        command.communicate()
    assert sorted(command.returncode for command in commands) == [0, *[4] * 5]


def test_the_judge_of_these_races_sees_two_who_missed_each_other() -> None:
    assert not nobody_was_left_in_the_dark([Told("a", 0, []), Told("b", 0, [])])
    assert nobody_was_left_in_the_dark([Told("a", 0, ["b"]), Told("b", 0, []), Told(None, 2, [])])
