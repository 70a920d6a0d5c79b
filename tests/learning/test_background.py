"""Learning in a process of its own: begun by normal use, waited for by nobody, gone in the end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from git_muse_coord import learner
from git_muse_coord.store.git.background import Background
from tests.learning.histories import learning_session, merge, shop, two_pays
from tests.tools import Repo, program

pytestmark = pytest.mark.slow


@pytest.fixture
def taught(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A repository with merges, which may be learnt from."""
    monkeypatch.setenv("GIT_COMMITTER_DATE", "1700000000 +0000")
    shop(repo)
    for number in range(2):
        merge(repo, *two_pays(number + 1))
    learning_session(repo)
    return repo


def until(true: Callable[[], object], seconds: float = 60.0) -> None:
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up, "it never came true"
        time.sleep(0.1)


def merges(repo: Repo) -> int:
    known = repo.json("status")["learnt"]
    return 0 if known is None else int(known["merges"])


def mark(repo: Repo) -> Path:
    return repo.git_dir / "muse-coord" / "learning.started"


def test_a_forecast_begins_it_and_status_tells(taught: Repo) -> None:
    assert program("forecast", cwd=taught.path).code == 0

    until(lambda: merges(taught) == 2)

    said = program("status", cwd=taught.path).out
    assert "Learnt from 2 merges of this repository, 2 in conflict." in said


def has_ended(repo: Repo) -> bool:
    started = Background(learning_session(repo).repository, "learning").last()
    return started is None or not started.is_there or started.is_zombie


def test_it_is_not_begun_again_for_a_while(taught: Repo) -> None:
    taught.json("status")
    first = mark(taught).read_text()
    until(lambda: merges(taught) == 2 and has_ended(taught))

    merge(taught, *two_pays(3))
    taught.json("status")
    assert mark(taught).read_text() == first

    an_hour_ago = time.time() - 3600
    os.utime(mark(taught), (an_hour_ago, an_hour_ago))
    taught.json("status")
    assert mark(taught).read_text() != first
    until(lambda: merges(taught) == 3)


def test_nothing_is_begun_where_there_is_nothing_new(taught: Repo) -> None:
    taught.json("status")
    until(lambda: merges(taught) == 2 and has_ended(taught))
    long_ago = time.time() - 86_400
    os.utime(mark(taught), (long_ago, long_ago))

    taught.json("status")

    assert mark(taught).stat().st_mtime == pytest.approx(long_ago, abs=1)


def test_an_agents_session_begins_it(taught: Repo) -> None:
    event = {
        "hook_event_name": "SessionStart",
        "session_id": "5f2c",
        "cwd": str(taught.path),
        "source": "startup",
    }
    said = program("hook", "claude", cwd=taught.path, given=json.dumps(event).encode())
    assert said.code == 0

    until(lambda: merges(taught) == 2)


def test_it_ends_when_it_is_asked_to_and_leaves_nothing(
    taught: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    # A git that never comes to the end of a merge.
    tools = tmp_path / "tools"
    tools.mkdir()
    git = tools / "git"
    git.write_text(
        '#!/bin/sh\nfor word; do [ "$word" = merge-tree ] && exec sleep 60; done\n'
        f'PATH="{os.environ["PATH"]}" exec git "$@"\n'
    )
    git.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    line = [sys.executable, "-m", "git_muse_coord.learner", str(taught.path), "person"]
    process = subprocess.Popen(line, stderr=subprocess.PIPE, start_new_session=True)
    until(lambda: list(place.iterdir()))

    os.killpg(process.pid, signal.SIGTERM)
    _, said = process.communicate()

    assert said == b""
    assert list(place.iterdir()) == []


def test_nothing_that_a_hook_starts_runs_on_battery(
    taught: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    supplies = {"BAT0": ("Battery", "0"), "AC": ("Mains", "0")}
    for name, (kind, online) in supplies.items():
        folder = tmp_path / "supplies" / name
        folder.mkdir(parents=True)
        (folder / "type").write_text(f"{kind}\n")
        (folder / "online").write_text(f"{online}\n")
    monkeypatch.setattr(learner, "_SUPPLIES", tmp_path / "supplies")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "nice", lambda _: None)
    monkeypatch.setattr(signal, "signal", lambda *_: None)

    def caused_by(cause: str) -> int:
        monkeypatch.setattr(sys, "argv", ["learner", str(taught.path), cause])
        learner.main()
        return merges(taught)

    assert caused_by("hook") == 0
    (tmp_path / "supplies" / "AC" / "online").write_text("1\n")
    assert caused_by("hook") == 2
