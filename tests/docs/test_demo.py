from __future__ import annotations

import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.docs.places import run
from tests.tools import Repo, program

pytestmark = pytest.mark.slow


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary directories are made."""
    path = tmp_path / "tmp"
    path.mkdir()
    monkeypatch.setenv("TMPDIR", str(path))
    return path


def test_the_demo_tells_the_story_and_leaves_nothing(temporary: Path) -> None:
    ran = run("git", "muse-coord", "demo", cwd=temporary)

    assert ran.returncode == 0, ran.stderr
    assert list(temporary.iterdir()) == []
    for line in (
        "$ git muse-coord reserve cart.py::Cart.total --run-id ann --op modify",
        "is reserved by run-id 'ann'",
        "(exit code 2)",
        "Ready now (1):",
        "git merges cleanly, but the result breaks (1)",
        "voucher.py:7 in theirs, voucher.py::voucher",
        "Try it in a repository of yours:",
    ):
        assert line in ran.stdout
    assert [
        line for line in ran.stdout.splitlines() if line.startswith(("$", "#")) and len(line) > 80
    ] == []


def test_the_demo_as_json(temporary: Path) -> None:
    answer = program("demo", "--json", cwd=temporary).json

    assert answer["repository"] is None
    assert [step["exit_code"] for step in answer["steps"]] == [0, 2, *[0] * 8]
    assert all(step["command"].startswith("git ") and step["output"] for step in answer["steps"])


def test_what_is_kept_is_a_repository_with_the_records(temporary: Path) -> None:
    answer = program("demo", "--keep", "--json", cwd=temporary).json

    kept = Repo(Path(answer["repository"]))
    assert len(kept.refs("refs/muse/reservations/")) == 2
    assert kept.git("status", "--porcelain") == ""


def test_the_demo_touches_no_other_repository(repo: Repo, temporary: Path) -> None:
    before = repo.git("for-each-ref")

    ran = program(
        "demo",
        cwd=repo.path,
        GIT_DIR=str(repo.path / ".git"),
        GIT_WORK_TREE=str(repo.path),
        GIT_INDEX_FILE=str(repo.path / ".git/index"),
        MUSE_RUN_ID="somebody",
        FORCE_COLOR="1",
    )

    assert ran.code == 0, ran.err
    assert repo.git("for-each-ref") == before
    assert repo.git("status", "--porcelain") == ""
    assert list(temporary.iterdir()) == []


def test_a_demo_that_cannot_run_says_so_and_leaves_nothing(temporary: Path) -> None:
    nowhere = program("demo", cwd=temporary, PATH=str(temporary))
    assert nowhere.code == 3
    assert nowhere.err.startswith("error: git is not on the PATH")
    assert list(temporary.iterdir()) == []


def test_an_interrupted_demo_leaves_nothing(temporary: Path) -> None:
    script = shutil.which("git-muse-coord")
    assert script
    process = subprocess.Popen(
        [script, "demo"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(
            signal.SIGINT, signal.SIG_DFL
        ),  # a job in the background ignores it
    )
    while process.poll() is None and not list(temporary.glob("*/shop/.git")):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)

    assert process.returncode == 130
    assert list(temporary.iterdir()) == []
