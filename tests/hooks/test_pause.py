"""A pause, and the variable of a shell: no hook says or stops anything, and ``status`` tells of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from git_muse_coord.model.errors import BadInput
from git_muse_coord.rules.spans import read_span
from tests.hooks.tools import edit, run_git
from tests.tools import Repo, program


@pytest.fixture
def held(shop: Repo) -> Repo:
    """A shop in which ann holds what bob is about to commit, and would be stopped at."""
    shop.git("config", "muse-coord.hookMode", "block")
    shop.reserve("invoice.py", "--run-id", "ann")
    edit(shop, ("return 19", "return 16"))
    return shop


def commit(repo: Repo, **environment: str) -> tuple[int, str]:
    ran = run_git(repo.path, "commit", "-qam", "Less tax", **environment)
    return ran.code, ran.out + ran.err


def test_while_it_lasts_nothing_stops_and_nothing_is_said(held: Repo) -> None:
    assert commit(held)[0] != 0

    assert held.json("pause")["paused"] is True

    assert commit(held) == (0, "")


def test_afterwards_the_hooks_speak_again(held: Repo) -> None:
    held.muse("pause", "--for", "1h")
    assert held.json("pause", "--off") | {"duration_ms": 0} == {
        "schema_version": "1",
        "command": "pause",
        "exit_code": 0,
        "duration_ms": 0,
        "warnings": [],
        "paused": False,
        "until": None,
    }

    assert commit(held)[0] != 0


def test_it_ends_by_itself(held: Repo) -> None:
    over = datetime.now(UTC) - timedelta(seconds=1)
    held.git("config", "muse-coord.pausedUntil", over.isoformat())

    assert commit(held)[0] != 0
    assert held.json("status")["paused"] is False


def test_it_is_one_for_all_worktrees(held: Repo) -> None:
    held.git("worktree", "add", "-q", "../second")
    second = Repo(held.path.parent / "second")
    (second.path / "invoice.py").write_text((held.path / "invoice.py").read_text())

    second.muse("pause", "--for", "2d")

    assert commit(held) == (0, "")
    assert commit(second) == (0, "")


def test_status_says_so(repo: Repo) -> None:
    until = repo.json("pause", "--for", "1h")["until"]

    status = repo.json("status")
    assert (status["paused"], status["paused_until"]) == (True, until)
    said = f"The hooks of this clone are paused until {until[:19]} UTC; git muse-coord pause --off"
    assert said in repo.muse("status").out
    repo.muse("pause")
    assert "are paused; git muse-coord pause --off" in repo.muse("status").out


def test_a_shell_can_be_silent_alone(held: Repo) -> None:
    assert commit(held, MUSE_COORD="off") == (0, "")
    run_git(held.path, "reset", "-q", "--soft", "HEAD~")

    assert commit(held, MUSE_COORD="on")[0] != 0
    assert program("hook", "pre-commit", cwd=held.path, MUSE_COORD="off").code == 0
    assert program("hook", "pre-commit", cwd=held.path).code == 86
    assert "MUSE_COORD is off" in program("status", cwd=held.path, MUSE_COORD="off").err


def test_ending_what_is_not_there(repo: Repo) -> None:
    ran = repo.muse("pause", "--off")

    assert ran.code == 4
    assert "not paused" in ran.err


def test_off_takes_no_span(repo: Repo) -> None:
    repo.muse("pause")

    assert repo.muse("pause", "--off", "--for", "1h").code == 1
    assert repo.json("status")["paused"] is True


def test_a_time_that_is_none_stops_nothing_and_is_named(held: Repo) -> None:
    held.git("config", "muse-coord.pausedUntil", "noon")

    code, said = commit(held)
    assert code == 0
    assert "pausedUntil is 'noon'" in said
    assert held.muse("status").code == 1
    assert held.muse("pause", "--off").code == 0
    assert held.muse("status").code == 0


@pytest.mark.parametrize(
    ("text", "meant"), [("90", 90), ("45s", 45), ("30m", 1800), ("1h", 3600), (" 2d", 172_800)]
)
def test_spans(text: str, meant: int) -> None:
    assert read_span(text) == meant


@pytest.mark.parametrize(
    "text", ["", "h", "0", "-1h", "1 h", "1w", "366d", "1.5h", "9" * 5000, "\u0661h"]
)
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(BadInput):
        read_span(text)
