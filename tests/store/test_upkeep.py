"""A clone is swept in the background by whoever writes, and nobody waits for it."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from git_muse_coord.store.git.background import Background
from git_muse_coord.store.git.repository import Repository
from git_muse_coord.store.records.upkeep import Upkeep
from tests.sync.hubs import plant_records
from tests.tools import Repo, a_reservation, program

pytestmark = pytest.mark.slow


def until(true: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 30
    while not true():
        assert time.monotonic() < give_up, "it never came true"
        time.sleep(0.05)


def clone(repo: Repo) -> Upkeep:
    return Upkeep(Repository(str(repo.path), stays=False))


def beats(repo: Repo) -> int:
    return len(repo.refs("refs/muse/heartbeats/"))


def expired(number: int) -> list[object]:
    past = datetime.now(UTC) - timedelta(days=2)
    return [
        a_reservation(f"{one}.py", created_at=past, expires_at=past + timedelta(hours=1))
        for one in range(number)
    ]


WRITING = {
    "reserve": ["reserve", "b.py"],
    "strict": ["reserve", "b.py", "--strict"],
    "heartbeat": ["heartbeat", "--all", "--run-id", "a"],
    "release": ["release", "--all", "--run-id", "a"],
    "intent": ["intent", "b.py", "--op", "modify"],
}


@pytest.mark.parametrize("line", WRITING.values(), ids=WRITING)
def test_each_verb_that_writes_starts_a_sweep_of_a_clone_with_many_records_past_their_time(
    repo: Repo, line: list[str]
) -> None:
    repo.muse("reserve", "a.py", "--run-id", "a")
    plant_records(repo.path, expired(100))  # type: ignore[arg-type]

    assert repo.muse(*line).code == 0

    until(lambda: len(repo.refs()) <= 3)
    until(lambda: clone(repo).last().live > 0)
    repo.sound()


@pytest.mark.parametrize(
    "line", [["list"], ["status"], ["check"], ["hook", "pre-commit"], ["reserve", "x", "--dry-run"]]
)
def test_verbs_that_read_and_hooks_start_none(
    repo: Repo, line: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant_records(repo.path, expired(100))  # type: ignore[arg-type]

    def never(*_: object) -> None:
        raise AssertionError("started")

    monkeypatch.setattr(Upkeep, "start", never)
    repo.muse(*line)
    assert len(repo.refs()) == 100
    with pytest.raises(AssertionError):
        repo.coordinator().reserve(["a.py"])  # as this does


def test_superfluous_heartbeats_are_swept_once_there_are_many(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("git_muse_coord.coordinator.upkeep.is_due", lambda *_: False)
    library = repo.coordinator()
    one = library.reserve(["a.py"], run_id="a").reservation_id or ""
    for _ in range(51):
        library.heartbeat([one], run_id="a")
    assert beats(repo) == 51
    monkeypatch.undo()

    library.heartbeat([one], run_id="a")

    until(lambda: beats(repo) == 1)
    assert repo.held() == [one]


def test_a_sweep_holds_no_pipe_of_the_callers_and_outlives_the_command(repo: Repo) -> None:
    plant_records(repo.path, expired(100))  # type: ignore[arg-type]
    slow = repo.git_dir / "hooks/reference-transaction"
    slow.parent.mkdir(exist_ok=True)
    slow.write_text('#!/bin/sh\n[ "$1" = prepared ] && grep -q muse-archive && sleep 3; exit 0\n')
    slow.chmod(0o755)

    began = time.monotonic()
    ran = program("reserve", "a.py", cwd=repo.path)  # which reads its pipes to their end

    assert ran.code == 0
    assert len(repo.refs()) == 101, "the sweep is still at work"
    assert time.monotonic() - began < 3
    until(lambda: len(repo.refs()) == 1)


def test_of_many_writers_one_starts_a_sweep_and_one_that_was_killed_is_not_waited_for(
    repo: Repo,
) -> None:
    plant_records(repo.path, expired(100))  # type: ignore[arg-type]
    slow = repo.git_dir / "hooks/reference-transaction"
    slow.parent.mkdir(exist_ok=True)
    slow.write_text('#!/bin/sh\n[ "$1" = prepared ] && grep -q muse-archive && sleep 60; exit 0\n')
    slow.chmod(0o755)
    work = Background(Repository(str(repo.path), stays=False), "sweep")
    with ThreadPoolExecutor(8) as pool:
        for _ in range(8):
            pool.submit(clone(repo).start)
    first = work.last()
    assert first is not None
    clone(repo).start()
    assert work.last() == first

    os.killpg(first.pid, signal.SIGKILL)
    until(lambda: not first.is_there)
    clone(repo).start()

    second = work.last()
    assert second is not None
    assert second.pid != first.pid
    os.killpg(second.pid, signal.SIGKILL)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"[1,2]", b'{"a":1}', b'["x",0,null]', b"[1,0,1e300]", b"\xff"]
)
def test_a_damaged_note_of_the_last_sweep_only_makes_the_next_one_come_early(
    repo: Repo, content: bytes
) -> None:
    repo.muse("reserve", "a.py")
    (repo.git_dir / "muse-coord/swept.json").write_bytes(content)
    assert clone(repo).last() == (0, 0, None)
    assert repo.muse("gc", "--execute").code == 0
    assert clone(repo).last() == (1, 0, None)


def test_modules_in_the_repository_are_not_run_by_a_sweep(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("click.py", "git_muse_coord.py", "sqlite3.py"):
        repo.write(name, "import os, pathlib\npathlib.Path(os.environ['TRACE']).touch()\n")
    trace = Path(repo.git_dir) / "trace"
    monkeypatch.setenv("TRACE", str(trace))
    monkeypatch.chdir(repo.path)
    plant_records(repo.path, expired(100))  # type: ignore[arg-type]

    repo.muse("reserve", "a.py")

    until(lambda: len(repo.refs()) == 1)
    assert not trace.exists()
    assert sys.executable
