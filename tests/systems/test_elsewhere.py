"""What can be told of Windows and macOS without one: the program without the names that they lack."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools import Ran, Repo, git_in

TOP = Path(__file__).parents[2]
ELSEWHERE = Path(__file__).with_name("elsewhere.py")
SYSTEMS = ("win32", "darwin")

pytestmark = pytest.mark.slow


def run(system: str, cwd: Path, *words: str, **environment: str) -> Ran:
    variables = {name: text for name, text in os.environ.items() if not name.startswith("MUSE_")}
    done = subprocess.run(
        [sys.executable, str(ELSEWHERE), system, *words],
        cwd=cwd,
        env={**variables, "PYTHONPATH": str(TOP), **environment},
        capture_output=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def shared(repo: Repo, tmp_path: Path) -> Repo:
    """A repository with a remote."""
    remote = tmp_path / "remote.git"
    git_in(repo.path, "clone", "-q", "--bare", str(repo.path), str(remote))
    repo.git("remote", "add", "origin", str(remote))
    return repo


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_day_of_work(shared: Repo, system: str) -> None:
    def does(*words: str, code: int = 0) -> str:
        ran = run(system, shared.path, *words)
        assert ran.code == code, (words, ran.out, ran.err)
        assert "internal error" not in ran.err
        return ran.out

    does("reserve", "src/billing.py::compute_total", "--run-id", "ann")
    does("reserve", "src/shop.py", "--run-id", "ann", "--strict")
    does("reserve", "src/shop.py", "--run-id", "ben", "--strict", code=2)
    assert "compute_total" in does("list")
    does("sync")
    does("symbols", "src/billing.py")
    does("forecast", "--run-id", "ann")
    does("status", "--run-id", "ann")
    does("gc", "--execute")
    shared.write("src/billing.py", "def compute_total(items):\n    return 0\n")
    shared.git("add", "-A")
    assert "is reserved by run-id 'ann'" in does("check", "--run-id", "ben")
    shared.commit("Nothing")
    does("hook", "post-commit", "--run-id", "ben")
    does("release", "--all", "--run-id", "ann")


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_hook(shared: Repo, system: str) -> None:
    shared.reserve("src/billing.py", "--run-id", "ann")
    shared.write("src/billing.py", "x = 1\n")
    shared.git("add", "-A")
    ran = run(system, shared.path, "hook", "pre-commit", "--run-id", "ben")
    assert ran.code == 0, ran.err
    assert "is reserved by run-id 'ann'" in ran.out
    shared.git("config", "muse-coord.hookMode", "block")
    # as our own script calls it, and as others do
    for caller in ({}, {"MUSE_COORD_PARENT": "1"}):
        ran = run(system, shared.path, "hook", "pre-commit", "--run-id", "ben", **caller)
        assert ran.code == 86, ran.err


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_sync_in_the_background(shared: Repo, system: str) -> None:
    assert shared.muse("install", "--sync").code == 0
    ran = run(system, shared.path, "reserve", "src/", "--run-id", "ann")
    assert ran.code == 0, ran.err
    log = next((shared.git_dir / "muse-coord").glob("*.started"))
    assert log.read_text().split()[0].isdigit()


def test_what_is_no_console_gets_utf8_on_windows(repo: Repo) -> None:
    repo.reserve("src/billing.py", "--run-id", "ann", "--reason", "größer")
    repo.write("src/billing.py", "x = 1\n")
    old = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    ran = run("win32", repo.path, "check", "--worktree", "--run-id", "ben", **old)
    assert "⚠ src/billing.py" in ran.out
    assert "größer" in ran.out
    # elsewhere the locale is what the user said, and what it lacks is told by numbers
    ran = run("darwin", repo.path, "check", "--worktree", "--run-id", "ben", **old)
    assert "\\u26a0 src/billing.py" in ran.out


def timed(work: str, seconds: float) -> Ran:
    """What becomes of some work of a hook with a limit of time, where no process can be forked."""
    script = f"""
import sys, time, re
sys.path.insert(0, {str(TOP)!r})
from tests.systems.elsewhere import become
become("win32")
from git_muse_coord.integrations import timed
from git_muse_coord.integrations.guard import AnswerSoFar
timed._GRACE = 0.3
def work(hand_out):
    {work}
sys.exit(timed.guarded_here(work, lambda text: print(text, file=sys.stderr), {seconds}, 1))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_without_a_fork_the_work_ends_by_itself() -> None:
    assert timed("print('all'); return 86", 60) == Ran(86, "all\n", "")
    assert timed("return 3", 60) == Ran(0, "", "")


def test_without_a_fork_what_takes_too_long_is_ended_with_what_is_known() -> None:
    ran = timed("hand_out(AnswerSoFar(86, 'met', 'said')); time.sleep(600)", 0.2)
    assert (ran.code, ran.out) == (86, "met")
    assert ran.err == "was stopped after 0.2 s, before it had looked at everything\nsaid"


def test_without_a_fork_what_holds_the_interpreter_is_ended_without_a_word() -> None:
    # our script takes such an end for a line and code 0
    assert timed("re.match('(a|a)*b', 'a' * 100)", 0.2) == Ran(1, "", "")


def test_a_program_is_stopped_with_what_it_started() -> None:
    script = "sleep 600 & sleep 600"
    with subprocess.Popen(
        ["sh", "-c", script], stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        from git_muse_coord.stopping import stop_with_children

        stop_with_children(process.pid)
        # its child would keep the other end open
        assert process.stdout is not None
        assert process.stdout.read() == b""
    stop_with_children(process.pid)
