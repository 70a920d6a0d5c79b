"""Where our own script calls, the work of a hook begins without a process of its own, and is ended in time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping

import pytest

from git_muse_coord.store.hooks import CALLER
from tests.hooks.tools import TAX_AND_TOTAL, TOTAL, edit, run_git, warned
from tests.tools import Repo


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("work", "waiting", "code"),
    [
        ("time.sleep(1000)", 5, 1),
        ("os.kill(os.getpid(), 9)", 1000, -signal.SIGKILL),
        ("[1 for _ in iter(int, 1)]", 1000, -signal.SIGPROF),
        ("time.sleep(0.2) or 86", 1000, 86),
        ("time.sleep(0.2) or 3", 1000, 0),
        ("guard.end_watch() or time.sleep(0.6) or 86", 5, 86),
    ],
)
def test_it_ends_without_a_word(
    work: str,
    waiting: int,
    code: int,
) -> None:
    done = run_python(
        "import os, time\n"
        "from git_muse_coord.integrations import guard\n"
        f"os._exit(guard.watched(lambda: {work}, 0.1, {waiting}))\n"
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, b"", b"")


def test_what_is_known_before_the_end_is_not_lost() -> None:
    done = run_python(
        "import os, time\n"
        "from git_muse_coord.integrations import apart, guard\n"
        "def work():\n"
        "    guard.end_watch()\n"
        "    hand_out = apart.go_apart(print, 0.1, 5)\n"
        "    hand_out(guard.AnswerSoFar(86, 'found\\n', 'stopped\\n'))\n"
        "    time.sleep(1000)\n"
        "    return 0\n"
        "os._exit(guard.watched(work, 0.1, 5))\n"
    )
    assert done.returncode == 86
    said = b"was stopped after 0.5 s, before it had looked at everything\n"
    assert (done.stdout, done.stderr) == (said + b"found\n", b"stopped\n")


_HOOK = (
    "import os, sys\n"
    "def no_fork():\n"
    "    os.write(2, b'forked')\n"
    "    os._exit(9)\n"
    "os.fork = no_fork\n"
    "sys.argv = ['git-muse-coord', 'hook', 'pre-commit']\n"
    "from git_muse_coord.__main__ import main\n"
    "main()\n"
)


@pytest.mark.parametrize(
    ("environment", "name", "code"),
    [({CALLER: "2"}, "other.py", 0), ({CALLER: "2"}, "invoice.py", 9), ({}, "other.py", 9)],
)
def test_a_process_of_its_own_is_made_where_somebody_is_near(
    shop: Repo,
    monkeypatch: pytest.MonkeyPatch,
    environment: Mapping[str, str],
    name: str,
    code: int,
) -> None:
    shop.reserve(TOTAL, "--run-id", "ann")
    shop.write(name, "def something_else():\n    return 3\n")
    shop.git("add", "-A")
    monkeypatch.chdir(shop.path)
    done = run_python(_HOOK, **environment)
    assert (done.returncode, done.stderr) == (code, b"forked" if code else b"")


@pytest.mark.slow
def test_a_commit_whose_hook_has_no_time_goes_on_with_one_line(shop: Repo) -> None:
    shop.reserve(TOTAL, "--run-id", "ann")
    edit(shop, *TAX_AND_TOTAL)
    shop.git("config", "muse-coord.hookMode", "block")
    assert run_git(shop.path, "commit", "-qam", "x").code == 1

    ran = run_git(shop.path, "commit", "-qam", "x", MUSE_HOOK_SECONDS="0.001")

    assert ran.code == 0
    assert "nothing is stopped (hookMode block)\n" in ran.err
    assert warned(ran.err) == []
