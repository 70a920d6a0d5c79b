"""However much there is, a text fits a screen or two, and says how to see the rest; JSON has all."""

from __future__ import annotations

import pytest

from tests.tools import Repo

MANY = 30


@pytest.fixture
def crowded(repo: Repo) -> Repo:
    """Two runs hold the same 30 places, and one waits for the other."""
    coordinator = repo.coordinator()
    for number in range(MANY):
        place = f"src/{number}.py"
        held = coordinator.reserve([place], run_id="ann").reservation_id
        coordinator.reserve([place], run_id="bob", depends_on=[held] if held else [])
    return repo


def lines(repo: Repo, *arguments: str, code: int = 0) -> list[str]:
    ran = repo.muse(*arguments)
    assert ran.code == code, ran.err
    return (ran.out + ran.err).splitlines()


def test_status_and_signs_of_life(crowded: Repo) -> None:
    status = lines(crowded, "status", "--run-id", "ann")
    assert len(status) <= 60
    assert "  and 10 more: git muse-coord list --mine" in status
    assert "  and 26 more: git muse-coord list --conflicts" in status
    beats = lines(crowded, "heartbeat", "--all", "--run-id", "ann")
    assert (len(beats), beats[-1]) == (21, "and 10 more")
    assert len(crowded.json("heartbeat", "--all", "--run-id", "ann")["heartbeats"]) == MANY


def test_reserve_that_meets_many(crowded: Repo) -> None:
    places = [f"src/{number}.py::f" for number in range(MANY)]
    met = lines(crowded, "reserve", *places, "--run-id", "carl")
    assert len(met) <= 45
    assert "  and 52 more: --all-findings lists them" in met
    every = lines(crowded, "reserve", *places, "--run-id", "dora", "--all-findings")
    assert sum(" is reserved by " in line or line.startswith("    src/") for line in every) >= 60
    lost = lines(crowded, "reserve", *places, "--run-id", "emil", "--strict", code=2)
    assert len(lost) <= 35
    assert lost[-1].startswith("error: nothing reserved: ")


def test_release(crowded: Repo) -> None:
    released = lines(crowded, "release", "--all", "--run-id", "ann")
    assert len(released) <= 25
    assert released[0] == "Released 30 reservations"
    assert released.count("  and 20 more") == 2  # and as many are ready now


def test_warnings(repo: Repo) -> None:
    coordinator = repo.coordinator()
    for number in range(8):
        repo.write(f"src/{number}.py", "def f():\n    return 1\n")
        lost = coordinator.reserve([f"src/{number}.py"], run_id="ann").reservation_id
        coordinator.release([lost or ""], run_id="bob", force=True)
    repo.git("add", ".")

    told = repo.muse("check", "--run-id", "ann")

    assert told.err.count("run-id 'bob' ended your reservation of ") == 5
    assert told.err.endswith("warning: and 3 more warnings; --json has all\n")
    assert len(repo.json("check", "--run-id", "ann")["warnings"]) == 8
