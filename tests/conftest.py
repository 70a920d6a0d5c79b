"""Real git in a sealed environment: nothing of the machine's own configuration reaches a test, nothing leaves it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.tools import Repo, git_in

ODD = "naïve répo"
"""Every repository of the tests lies in a path with a space and letters outside ASCII."""


# no test is timed; the seal below is the same for every example
settings.register_profile(
    "ours", deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
settings.load_profile("ours")


@pytest.fixture(autouse=True)
def hermetic_seal(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(("GIT_", "MUSE_", "XDG_", "CLAUDE", "CODEX_", "GEMINI_")) or name in (
            "NO_COLOR",
            "FORCE_COLOR",
            "COLUMNS",
        ):
            monkeypatch.delenv(name)
    for name, value in {
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "A U Thor",
        "GIT_AUTHOR_EMAIL": "author@example.invalid",
        "GIT_COMMITTER_NAME": "C O Mitter",
        "GIT_COMMITTER_EMAIL": "committer@example.invalid",
        "GIT_EDITOR": "false",
        "LC_ALL": "C.UTF-8",
        "TERM": "dumb",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }.items():
        monkeypatch.setenv(name, value)
    (home / ".gitconfig").write_text(
        '[init]\n\tdefaultBranch = main\n[protocol "file"]\n\tallow = always\n'
        # a process that outlives a test is for the tests of it alone
        "[muse-coord]\n\tlearn = false\n"
    )


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A repository with one commit, in an awkward path."""
    path = tmp_path / ODD
    path.mkdir()
    git_in(path, "init", "-q")
    made = Repo(path)
    made.write("src/billing.py", "def compute_total(items):\n    return sum(items)\n")
    made.write("src/shop.py", "from src.billing import compute_total\n")
    made.write("README.md", "# Shop\n")
    made.commit("A small shop")
    return made


@pytest.fixture
def daemons() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes to stop at the end of the test."""
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        process.kill()
        process.wait()
