"""The process group is killed while a transaction is prepared, as a harness or a container does: git stays whole."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.store.git import process as git_module
from tests.sync.hubs import stop
from tests.tools import Repo

pytestmark = pytest.mark.slow

VERBS = {
    "heartbeat": ["heartbeat", "--all", "--run-id", "a"],
    "release": ["release", "--all", "--run-id", "a"],
    "reserve": ["reserve", "b.py"],
    "strict": ["reserve", "b.py", "--strict"],
    "intent": ["intent", "b.py", "--op", "modify"],
    "gc": ["gc", "--execute"],
}

STAYS = (
    "import sys\nfrom git_muse_coord.coordinator import Coordinator\n"
    "library = Coordinator('.')\nlibrary.reserve(['b.py'])\nlibrary.gc(execute=True)"
)
"""A process that stays keeps one git for all its transactions."""


def slow_transactions(repo: Repo, seconds: float) -> Path:
    """Have each transaction that changes refs of ours take its time once it holds its locks."""
    hook = repo.git_dir / "hooks/reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        f'#!/bin/sh\n[ "$1" = prepared ] && touch "$GIT_DIR/reached" && sleep {seconds}\nexit 0\n'
    )
    hook.chmod(0o755)
    return repo.git_dir / "reached"


def started(repo: Repo, *line: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *line],
        cwd=repo.path,
        env={**os.environ, "GIT_DIR": str(repo.git_dir)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def is_locked(repo: Repo) -> bool:
    return any((repo.git_dir / "refs").rglob("*.lock")) or any(repo.git_dir.glob("packed-refs.*"))


@pytest.mark.parametrize(
    "line",
    [*(["-m", "git_muse_coord", *line] for line in VERBS.values()), ["-c", STAYS]],
    ids=[*VERBS, "library"],
)
def test_a_transaction_whose_process_group_is_killed_ends_and_leaves_no_lock(
    repo: Repo, line: list[str]
) -> None:
    repo.reserve("a.py", "--run-id", "a")
    for _ in range(2):
        repo.muse("heartbeat", "--all", "--run-id", "a")
    reached = slow_transactions(repo, 1)
    process = started(repo, *line)
    while not reached.exists():
        assert process.poll() is None
        time.sleep(0.01)
    assert is_locked(repo)
    stop(process)

    give_up = time.monotonic() + 20
    while is_locked(repo):
        assert time.monotonic() < give_up, "the locks are left"
        time.sleep(0.05)
    (repo.git_dir / "hooks/reference-transaction").unlink()
    repo.git("branch", "gone")
    repo.git("branch", "-D", "gone")
    repo.sound()


@pytest.mark.parametrize("stays", [False, True], ids=["a process for each", "one process for all"])
def test_a_transaction_that_does_not_end_is_given_up_and_leaves_no_lock(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, stays: bool
) -> None:
    slow_transactions(repo, 30)
    monkeypatch.setattr(git_module, "APART_SECONDS", 1)
    monkeypatch.setattr("git_muse_coord.store.git.conversation.APART_SECONDS", 1)
    monkeypatch.setattr("git_muse_coord.store.git.refs._RETRY_SECONDS", 0)
    monkeypatch.setenv("GIT_DIR", str(repo.git_dir))

    began = time.monotonic()
    if stays:
        with pytest.raises(StoreFailed, match="did not end"):
            repo.coordinator().reserve(["a.py"])
    else:
        ran = repo.muse("reserve", "a.py")
        assert (ran.code, len(ran.err.splitlines())) == (3, 1)
        assert "reference-transaction" in ran.err

    assert time.monotonic() - began < 15
    assert not is_locked(repo)
    assert repo.refs() == {}
