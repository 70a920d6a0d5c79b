"""What was acknowledged is there: under load, beside git's own housekeeping, and after kill -9."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from git_muse_coord.coordinator import Coordinator
from git_muse_coord.model.records import Reservation
from tests.tools import Repo, program

pytestmark = pytest.mark.slow

PROCESSES = 32
EACH = 10
"""Reservations of each process through the library; one more goes through the command."""

_WRITER = f"""
import subprocess, sys
from git_muse_coord.coordinator import Coordinator
path, name = sys.argv[1:]
coordinator = Coordinator(path)
for number in range({EACH}):
    told = coordinator.reserve([f"d{{name}}/f{{number}}.py::g"], run_id=name)
    print(told.reservation_id, len(told.conflicts), flush=True)
"""


@contextmanager
def housekeeping(repo: Repo) -> Iterator[list[str]]:
    """Loop git pack-refs and git gc until the end, and note their complaints."""
    over = threading.Event()
    complaints: list[str] = []

    def keep(*command: str) -> None:
        while not over.is_set():
            done = subprocess.run(
                ["git", *command], cwd=repo.path, capture_output=True, text=True, check=False
            )
            if done.returncode:
                complaints.append(done.stderr)
            over.wait(0.02)

    loops = [
        threading.Thread(target=keep, args=command)
        for command in (("pack-refs", "--all"), ("gc", "-q"))
    ]
    for loop in loops:
        loop.start()
    try:
        yield complaints
    finally:
        over.set()
        for loop in loops:
            loop.join()


def test_what_many_processes_were_told_is_there_while_git_packs_and_collects(repo: Repo) -> None:
    with housekeeping(repo):
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", _WRITER, str(repo.path), str(number)],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for number in range(PROCESSES)
        ]
        by_command = [
            program(
                "reserve",
                f"c{number}.py",
                "--run-id",
                "c",
                "--json",
                *(["--strict"] * (number % 2)),
                cwd=repo.path,
            )
            for number in range(8)
        ]
        told = [writer.communicate() for writer in writers]

    assert [complaint for _, complaint in told] == [""] * PROCESSES
    assert [ran.code for ran in by_command] == [0] * 8
    rows = [row.split() for out, _ in told for row in out.splitlines()]
    assert len(rows) == PROCESSES * EACH
    assert {conflicts for _, conflicts in rows} == {"0"}
    acknowledged = [content_id for content_id, _ in rows] + [
        ran.json["reservation_id"] for ran in by_command
    ]
    assert len(set(acknowledged)) == len(acknowledged)
    assert {f"refs/muse/reservations/{one.removeprefix('sha256:')}" for one in acknowledged} == set(
        repo.refs()
    )
    assert sorted(repo.held()) == sorted(acknowledged)
    repo.sound()


def test_a_process_that_stays_misses_nothing_that_others_were_told(repo: Repo) -> None:
    """It looks again and again, while they write, and while git packs and collects."""
    told: list[str] = []
    reader = Coordinator(str(repo.path))
    reader.list()

    def listen(writer: subprocess.Popen[str]) -> None:
        assert writer.stdout
        with writer.stdout:
            for row in writer.stdout:
                told.append(row.split()[0])

    with housekeeping(repo):
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", _WRITER, str(repo.path), str(number)],
                stdout=subprocess.PIPE,
                text=True,
            )
            for number in range(8)
        ]
        listeners = [threading.Thread(target=listen, args=(writer,)) for writer in writers]
        for listener in listeners:
            listener.start()
        looks = 0
        while any(listener.is_alive() for listener in listeners):
            before = set(told)
            assert before <= set(reader.store.look().index.ids(Reservation))
            looks += 1
        for writer, listener in zip(writers, listeners, strict=True):
            listener.join()
            assert writer.wait() == 0

    assert len(told) == 8 * EACH
    assert looks > len(told)
    assert {held.reservation_id for held in reader.list().reservations} == set(told)


def test_heartbeats_and_releases_of_many_processes_lose_nothing_either(repo: Repo) -> None:
    ids = [repo.reserve(f"f{number}.py", "--run-id", "a") for number in range(6)]
    script = (
        "import sys\nfrom git_muse_coord.coordinator import Coordinator\ncoordinator = Coordinator(sys.argv[1])\n"
        "for number in range(8):\n    coordinator.heartbeat([sys.argv[2]], run_id='a', extension=5000 + number)\n"
        "coordinator.release([sys.argv[2]], run_id='a')\n"
    )
    with housekeeping(repo):
        beaters = [
            subprocess.Popen(
                [sys.executable, "-c", script, str(repo.path), one], stderr=subprocess.PIPE
            )
            for one in ids
        ]
        assert [beater.communicate()[1] for beater in beaters] == [b""] * 6

    assert repo.held() == []
    assert len(repo.refs("refs/muse/reservations")) == len(repo.refs("refs/muse/releases")) == 6
    repo.muse("gc", "--execute")
    assert (
        len(repo.refs("refs/muse/heartbeats")) == 6
    )  # one each is left of those that reach no further
    repo.sound()


def test_after_kill_9_at_any_moment_nothing_acknowledged_is_lost_and_git_can_be_mended(
    repo: Repo,
) -> None:
    chance = random.Random(9)
    acknowledged: list[str] = []
    killed = 0
    waiting = list(range(100))
    while waiting:
        batch = [waiting.pop() for _ in range(min(6, len(waiting)))]
        started = [(_start(repo.path, number), chance.uniform(0.0, 0.45)) for number in batch]
        begin = time.monotonic()
        for victim, moment in sorted(started, key=lambda item: item[1]):
            time.sleep(max(0.0, begin + moment - time.monotonic()))
            group = chance.random() < 0.5  # with its git processes, or only the program itself
            (os.killpg if group else os.kill)(victim.pid, signal.SIGKILL)
        for victim, _ in started:
            out, _ = victim.communicate()
            killed += victim.returncode == -signal.SIGKILL
            if out.endswith(b"}\n"):
                acknowledged.append(json.loads(out)["reservation_id"])
    acknowledged.append(
        repo.reserve("late.py")
    )  # one is told in any case, or nothing would be tested

    assert killed > 10
    _age_locks(repo)
    broken = [
        command
        for command in (["gc", "-q"], ["log", "--all", "--oneline"])
        if subprocess.run(
            ["git", *command], cwd=repo.path, capture_output=True, check=False
        ).returncode
    ]
    named = repo.bad()
    assert named or not broken
    assert set(acknowledged) <= set(repo.held())
    repo.muse("fsck", "--repair")
    assert set(acknowledged) <= set(repo.held())
    repo.sound()
    repo.reserve("after.py", "--strict")


def _start(path: Path, number: int) -> subprocess.Popen[bytes]:
    strict = ["--strict"] if number % 3 == 0 else []
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "git_muse_coord",
            "reserve",
            f"f{number}.py",
            "--run-id",
            "k",
            "--json",
            *strict,
        ],
        cwd=path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _age_locks(repo: Repo) -> None:
    """Let the time pass after which a lock counts as left behind."""
    for lock in (repo.git_dir / "refs").rglob("*.lock"):
        os.utime(lock, (0, 0))


@pytest.mark.parametrize("options", [[], ["--run-id", "a"], ["--run-id", "a", "--strict"]])
def test_a_file_system_that_takes_nothing_is_one_line_and_nothing_acknowledged(
    repo: Repo, options: list[str]
) -> None:
    ran = _with_no_room_for_files(repo.path, "reserve", "a.py", "--json", *options)

    assert ran.returncode == 3
    answer = json.loads(ran.stdout)
    assert answer["error"]["code"] == "store_failed"
    assert "reservation_id" not in answer
    [line] = ran.stderr.decode().splitlines()
    # Who says nothing gets a run id that is kept, which is the first thing to be written.
    is_named = "--run-id" in options
    first = ("error: git ", "error: cannot write ") if is_named else "error: cannot keep a run id "
    assert line.startswith(first)
    assert "may be reserved" not in line
    assert not line.rstrip().endswith(":")
    assert repo.refs() == repo.refs("refs/muse-epoch/head") == {}
    assert repo.reserve("a.py", *options) in repo.held()


def test_a_file_system_that_takes_nothing_can_still_be_read(repo: Repo) -> None:
    one = repo.reserve("a.py", "--run-id", "a")
    for file in (repo.git_dir / "muse-coord").iterdir():
        file.unlink()

    ran = _with_no_room_for_files(repo.path, "list", "--json")

    assert ran.returncode == 0
    assert [held["reservation_id"] for held in json.loads(ran.stdout)["reservations"]] == [one]


def _with_no_room_for_files(path: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "from git_muse_coord.boundary import run; sys.exit(run(sys.argv[1:]))"
    )
    return subprocess.run(
        [sys.executable, "-B", "-c", script, *arguments], cwd=path, capture_output=True, check=False
    )


def test_a_file_in_the_place_of_the_folder_of_refs_is_one_line_and_nothing_acknowledged(
    repo: Repo,
) -> None:
    (repo.git_dir / "refs/muse").write_text("in the way")

    ran = program("reserve", "a.py", "--json", cwd=repo.path)

    assert ran.code == 3
    assert ran.json["error"]["code"] == "store_failed"
    assert len(ran.err.splitlines()) == 1
    assert repo.refs() == {}
    repo.muse("fsck", "--repair")
    repo.reserve("a.py")
