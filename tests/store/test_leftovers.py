"""What a git that was killed leaves is told of, and taken away once it is sure that nobody holds it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from git_muse_coord.store.git import leftovers
from git_muse_coord.store.git.leftovers import HELD, LEFT
from tests.sync.hubs import stop
from tests.tools import Repo

pytestmark = pytest.mark.slow

LOCK, NEW = "packed-refs.lock", "packed-refs.new"


@pytest.fixture(autouse=True)
def short_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    assert leftovers.WATCH_SECONDS == 15
    monkeypatch.setattr(leftovers, "WATCH_SECONDS", 0.5)
    monkeypatch.setattr(leftovers, "_GLANCE_SECONDS", 0.1)


def leave(repo: Repo, *names: str, hours: float = 2) -> None:
    then = time.time() - hours * 3600
    for name in names:
        file = repo.git_dir / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        os.utime(file, (then, then))


def deletes(repo: Repo) -> bool:
    repo.git("branch", "-f", "gone")
    return (
        subprocess.run(
            ["git", "branch", "-D", "gone"], cwd=repo.path, capture_output=True, check=False
        ).returncode
        == 0
    )


@pytest.mark.parametrize("names", [[LOCK], [NEW], [LOCK, NEW]], ids=" and ".join)
def test_what_is_old_is_named_and_mended(repo: Repo, names: list[str]) -> None:
    repo.reserve("a.py")
    leave(repo, *names)

    assert repo.bad() == dict.fromkeys(names, LEFT)
    doctor = repo.muse("doctor")
    assert doctor.code == 1
    assert "fsck --repair takes it away" in doctor.out
    ran = repo.muse("fsck", "--repair")
    assert ran.code == 0
    assert ran.err.startswith("watching ")
    assert all(f"repaired {name}: removed" in ran.out for name in names)
    assert deletes(repo)
    repo.sound()


@pytest.mark.parametrize(("old", "young"), [(LOCK, NEW), (NEW, LOCK)])
def test_nothing_is_taken_away_while_any_of_it_is_young(repo: Repo, old: str, young: str) -> None:
    leave(repo, old)
    leave(repo, young, hours=0.1)

    assert repo.bad() == {}
    assert repo.muse("fsck", "--repair").code == 0
    assert (repo.git_dir / old).exists()
    assert (repo.git_dir / young).exists()


def test_what_changes_while_it_is_watched_is_left_alone(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(repo, LOCK)
    monkeypatch.setattr(
        "git_muse_coord.store.git.leftovers.time.sleep", lambda _: leave(repo, LOCK, hours=3)
    )

    repo.muse("fsck", "--repair")
    assert (repo.git_dir / LOCK).exists()


@pytest.fixture
def prepared(repo: Repo) -> Iterator[subprocess.Popen[bytes]]:
    """A git of somebody's that deletes a ref, and lives with its locks taken."""
    repo.git("branch", "doomed")
    repo.git("pack-refs", "--all")
    hook = repo.git_dir / "hooks/reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\n[ "$1" = prepared ] && exec sleep 60\nexit 0\n')
    hook.chmod(0o755)
    process = subprocess.Popen(
        ["git", "branch", "-D", "doomed"], cwd=repo.path, start_new_session=True
    )
    while not (repo.git_dir / LOCK).exists() or not (repo.git_dir / NEW).exists():
        time.sleep(0.02)
    time.sleep(0.3)
    hook.unlink()
    yield process
    stop(process)


needs_proc = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="this system has no /proc"
)


@needs_proc
def test_what_a_git_at_work_may_hold_is_left_alone(
    repo: Repo, prepared: subprocess.Popen[bytes]
) -> None:
    leave(repo, LOCK, NEW)

    assert repo.bad() == {NEW: HELD, LOCK: HELD}
    assert repo.muse("fsck", "--repair").code == 1
    assert (repo.git_dir / LOCK).exists()
    stop(prepared)
    assert not deletes(repo)
    assert repo.muse("fsck", "--repair").code == 0
    assert deletes(repo)


@needs_proc
@pytest.mark.parametrize("how", ["--git-dir", "GIT_DIR", "a linked worktree", "the git directory"])
def test_a_git_at_work_is_found_wherever_it_runs(repo: Repo, tmp_path: Path, how: str) -> None:
    leave(repo, LOCK)
    elsewhere = tmp_path / "elsewhere"
    repo.git("worktree", "add", "-q", "--detach", str(elsewhere / "w"))
    options = {
        "--git-dir": (["--git-dir", str(repo.git_dir)], elsewhere, {}),
        "GIT_DIR": ([], elsewhere, {"GIT_DIR": str(repo.git_dir)}),
        "a linked worktree": ([], elsewhere / "w", {}),
        "the git directory": ([], repo.git_dir, {}),
    }
    arguments, directory, environment = options[how]
    leave(repo, LOCK)
    process = subprocess.Popen(
        ["git", *arguments, "cat-file", "--batch"],
        cwd=directory,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
    )
    try:
        time.sleep(0.2)
        assert repo.bad() == {LOCK: HELD}
    finally:
        process.communicate()
    assert repo.bad() == {LOCK: LEFT}


@needs_proc
def test_a_file_that_anybody_has_open_is_left_alone(repo: Repo) -> None:
    leave(repo, LOCK)
    holds = "import sys, time\nfile = open(sys.argv[1])\nprint(flush=True)\ntime.sleep(60)"
    process = subprocess.Popen(
        [sys.executable, "-c", holds, str(repo.git_dir / LOCK)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    try:
        assert repo.bad() == {LOCK: HELD}
    finally:
        process.kill()
        process.communicate()


def test_a_write_that_fails_over_it_says_so_and_leaves_it(repo: Repo) -> None:
    repo.reserve("a.py", "--ttl", "1", "--run-id", "a")
    leave(repo, LOCK)
    repo.git("config", "muse-coord.gcGrace", "1")
    repo.git("config", "core.packedRefsTimeout", "1")
    time.sleep(2.1)

    ran = repo.muse("gc", "--execute")
    assert ran.code == 3
    assert "fsck --repair takes it away" in ran.err
    assert (repo.git_dir / LOCK).exists()


def test_a_lock_that_was_left_on_a_single_ref_stops_no_write(repo: Repo) -> None:
    repo.reserve("a.py", "--strict")
    leave(repo, "refs/muse-epoch/head.lock")

    assert repo.muse("reserve", "b.py", "--strict").code == 0
    assert not (repo.git_dir / "refs/muse-epoch/head.lock").exists()


def test_a_young_lock_on_a_single_ref_is_respected(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("git_muse_coord.store.git.refs.pause", lambda _: None)
    repo.reserve("a.py", "--strict")
    leave(repo, "refs/muse-epoch/head.lock", hours=0.1)

    assert repo.muse("reserve", "b.py", "--strict").code == 3
    assert (repo.git_dir / "refs/muse-epoch/head.lock").exists()


@pytest.mark.parametrize("kind", ["link to nowhere", "empty folder"])
def test_what_is_no_file_in_the_place_of_a_lock_is_taken_away_too(repo: Repo, kind: str) -> None:
    lock = repo.git_dir / LOCK
    if kind == "empty folder":
        lock.mkdir()
    else:
        lock.symlink_to("/nowhere")
    then = time.time() - 7200
    os.utime(lock, (then, then), follow_symlinks=False)

    assert "internal error" not in repo.muse("doctor").err
    assert repo.muse("fsck", "--repair").code == 0
    assert not os.path.lexists(lock)
    assert deletes(repo)
