"""Verbs that merge in memory: with a git that cannot, branches that it will not merge, and when they are stopped."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from git_muse_coord.coordinator import forecast_view
from git_muse_coord.store.git.hunks import Hunk
from git_muse_coord.store.git.merge_answers import ConflictedFile
from git_muse_coord.store.git.merges import Merges
from tests.tools import Repo

pytestmark = pytest.mark.slow

TOO_OLD = 'echo "usage: git merge-tree <base-tree> <branch1> <branch2>" >&2; exit 129'


@pytest.fixture
def parted(repo: Repo) -> Repo:
    """Five branches, each with a reservation, of which each conflicts with each."""
    repo.write("a.py", "def f():\n    return 0\n")
    repo.commit("start")
    for number in range(5):
        repo.git("checkout", "-q", "-b", f"b{number}", "main")
        repo.write("a.py", f"def f():\n    return {number + 1}\n")
        repo.commit(f"{number}")
        repo.reserve("a.py::f", "--run-id", f"r{number}")
    repo.git("checkout", "-q", "main")
    return repo


def a_git(folder: Path, on_merge: str) -> str:
    """A PATH on which git does something else when it is asked to merge in memory."""
    folder.mkdir()
    program = folder / "git"
    lines = [
        "#!/bin/sh",
        f'case " $* " in *" merge-tree "*) {on_merge};; esac',
        f'exec {shutil.which("git")} "$@"',
    ]
    program.write_text("\n".join(lines))
    program.chmod(0o755)
    return os.pathsep.join([str(folder), os.environ["PATH"]])


def of_branches(repo: Repo) -> tuple[int, list[str]]:
    """How many pairs of branches conflict, and what could not be looked at."""
    told = repo.json("forecast")
    assert told["partial_forecast"] == bool(told["warnings"])
    assert any(one["conflict_type"] == "address_overlap" for one in told["conflicts"])
    return sum(one["conflict_type"] == "branch_conflict" for one in told["conflicts"]), told[
        "warnings"
    ]


def test_the_forecast_goes_on_with_an_old_git(
    parted: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", a_git(tmp_path / "old", TOO_OLD))
    assert of_branches(parted) == (
        0,
        ["without the merges of branches: this git is too old to merge in memory"],
    )
    for verb in (["reconcile"], ["plan-merge", "b0", "b1"]):
        ran = parted.muse(*verb)
        assert (ran.code, ran.out, len(ran.err.splitlines())) == (3, "", 1)
        assert "install git 2.39" in ran.err


def test_branches_that_git_will_not_merge_make_the_forecast_partial(parted: Repo) -> None:
    parted.git("checkout", "-q", "--orphan", "alone")
    parted.commit("of nobody")
    parted.reserve("b.py", "--run-id", "a")
    conflicts, warnings = of_branches(parted)
    assert conflicts == 10
    assert len(warnings) == 1
    assert "b0 with alone" in warnings[0]


def test_only_so_many_branches_are_merged(parted: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecast_view, "_MERGED_MOST", 3)
    assert of_branches(parted) == (
        3,
        ["too many branches to merge each with each, so without b3, b4"],
    )


def test_all_lines_that_conflict_are_looked_up_at_once(
    parted: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    hunks = Merges.hunks

    def counted(merges: Merges, some: Sequence[ConflictedFile]) -> list[tuple[Hunk, ...]]:
        asked.append(len(some))
        return hunks(merges, some)

    monkeypatch.setattr(Merges, "hunks", counted)
    assert of_branches(parted) == (10, [])
    (spot,) = parted.json("reconcile")["hotspots"]
    assert (spot["address"], len(spot["branches"])) == ("a.py::f", 5)
    assert asked == [10, 10]


def test_why_git_will_not_merge_is_told(parted: Repo) -> None:
    parted.loose(parted.git("rev-parse", "b1:a.py")).unlink()
    ran = parted.muse("reconcile")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (3, "", 1)
    assert "git will not merge" in ran.err
    assert "unable to read" in ran.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_who_is_stopped_leaves_nothing(
    parted: Repo, tmp_path: Path, number: signal.Signals
) -> None:
    begun, temporary = tmp_path / "begun", tmp_path / "temporary"
    temporary.mkdir()
    path = a_git(tmp_path / "slow", f"touch '{begun}'; exec sleep 60")
    process = subprocess.Popen(
        [sys.executable, "-m", "git_muse_coord", "reconcile"],
        cwd=parted.path,
        env={**os.environ, "PATH": path, "TMPDIR": str(temporary)},
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(
            number, signal.SIG_DFL
        ),  # as where nobody chose to ignore it
    )
    end = time.monotonic() + 30
    while not begun.exists() and time.monotonic() < end:
        time.sleep(0.01)
    assert os.listdir(temporary)
    process.send_signal(number)
    _, err = process.communicate(timeout=10)
    assert (process.returncode, err.split()) == (130, [b"interrupted"])
    assert os.listdir(temporary) == []
