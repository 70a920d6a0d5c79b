"""``git gc --prune=now`` beside a writer takes nothing acknowledged away; what is lost all the same is mended."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from pathlib import Path

import pytest

from git_muse_coord.store.git import pruning
from git_muse_coord.store.git.repository import Repository
from tests.tools import Repo


def lose(repo: Repo, content_id: str) -> str:
    """Take away the object of a reservation; return the name of its ref."""
    ref = f"refs/muse/reservations/{content_id.removeprefix('sha256:')}"
    repo.loose(repo.refs()[ref]).unlink()
    return ref


LOST = (
    "git has lost the objects of 1 record, so its gc fails; git muse-coord fsck --repair mends it"
)


@pytest.mark.parametrize(
    "line", [["list"], ["status"], ["dag"], ["check"], ["reserve", "x.py", "--dry-run"]]
)
def test_verbs_that_read_say_that_an_object_is_lost(repo: Repo, line: list[str]) -> None:
    one = repo.reserve("a.py", "--run-id", "a")
    lose(repo, one)

    assert repo.json(*line)["warnings"] == [LOST]
    assert repo.held() == [one]


WRITING = {
    "reserve": ["reserve", "b.py"],
    "strict": ["reserve", "b.py", "--strict"],
    "heartbeat": ["heartbeat", "--all", "--run-id", "b"],
    "release": ["release", "--all", "--run-id", "b"],
    "intent": ["intent", "b.py", "--op", "modify"],
}


@pytest.mark.parametrize("line", WRITING.values(), ids=WRITING)
def test_verbs_that_write_mend_it(repo: Repo, line: list[str]) -> None:
    one = repo.reserve("a.py", "--run-id", "a")
    repo.reserve("c.py", "--run-id", "b")
    lose(repo, one)

    assert repo.json(*line)["warnings"] == []
    repo.sound()
    assert one in repo.held()


def test_packed_objects_and_packed_refs_are_not_taken_for_lost(repo: Repo) -> None:
    repo.reserve("a.py")
    repo.git("repack", "-adq")
    repo.git("prune-packed")
    assert repo.json("list")["warnings"] == []
    repo.git("pack-refs", "--all")
    assert repo.json("list")["warnings"] == []


@pytest.mark.slow
def test_nothing_is_lost_beside_a_gc_that_spares_nothing(repo: Repo) -> None:
    """Each gc lists the refs and then takes its time, as it does in a large repository."""
    collecting = subprocess.Popen(
        ["sh", "-c", "while [ ! -e .git/stop ]; do git gc -q --prune=now; sleep 0.1; done"],
        cwd=repo.path,
        stderr=subprocess.DEVNULL,
    )
    try:
        held = [repo.reserve(f"{number}.py", "--run-id", "a") for number in range(8)]
        repo.json("heartbeat", "--all", "--run-id", "a")
        held.append(repo.reserve("s.py", "--strict", "--run-id", "a"))
    finally:
        (repo.git_dir / "stop").touch()
        collecting.wait()

    for command in (["fsck"], ["gc", "-q"], ["log", "--all"]):
        repo.git(*command)
    assert sorted(repo.held()) == sorted(held)


def test_what_a_gc_takes_after_the_write_is_written_again(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []

    def take(repository: Repository, *_: object) -> None:
        """The gc that was at work takes the object, and ends."""
        for oid in repo.refs().values():
            repo.loose(oid).unlink(missing_ok=True)

    def at_work(_: Repository) -> bytes | None:
        looks.append(1)
        return b"a gc" if len(looks) == 1 else None

    monkeypatch.setattr(pruning, "at_work", at_work)
    monkeypatch.setattr(pruning, "await_end", take)
    one = repo.reserve("a.py")

    repo.sound()
    assert repo.held() == [one]


@pytest.mark.slow
def test_what_a_sweep_archives_is_written_again_when_a_gc_takes_it(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = repo.reserve("a.py", "--run-id", "a")
    repo.json("release", one, "--run-id", "a")
    repo.git("config", "muse-coord.gcGrace", "1")
    time.sleep(1.1)
    done: list[int] = []

    def at_work(_: Repository) -> bytes | None:
        return None if done else b"a gc"

    def take(*_: object) -> None:
        done.append(1)
        for line in repo.git("rev-list", "--objects", "refs/muse-archive/head").splitlines():
            repo.loose(line.split()[0]).unlink()

    monkeypatch.setattr(pruning, "at_work", at_work)
    monkeypatch.setattr(pruning, "await_end", take)
    assert repo.json("gc", "--execute")["archived"] >= 1

    assert done
    repo.sound()
    assert [held["reservation_id"] for held in repo.json("list", "--all")["reservations"]] == [one]


def gc_file(repo: Repo, pid: int, age: float = 0) -> None:
    file = repo.git_dir / "gc.pid"
    file.write_text(f"{pid} {socket.gethostname()}")
    os.utime(file, (time.time() - age,) * 2)


@pytest.mark.parametrize(
    ("arguments", "dangerous"),
    [(["--prune=now"], True), (["--prune", "all"], True), (["--auto"], False), ([], False)],
)
def test_only_a_gc_that_may_take_young_objects_is_waited_for(
    repo: Repo, arguments: list[str], dangerous: bool
) -> None:
    if not Path("/proc/self").exists():
        pytest.skip("this system has no /proc")
    process = subprocess.Popen(
        ["sh", "-c", "read x", "git", "gc", *arguments], stdin=subprocess.PIPE
    )
    gc_file(repo, process.pid)
    try:
        assert bool(pruning.at_work(Repository(str(repo.path), stays=False))) is dangerous
        gc_file(repo, process.pid, age=13 * 3600)
        assert pruning.at_work(Repository(str(repo.path), stays=False)) is None
    finally:
        process.communicate()
    gc_file(repo, process.pid)
    assert (
        pruning.at_work(Repository(str(repo.path), stays=False)) is None
    )  # it died, and left its file
