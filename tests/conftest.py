"""Real git in a sealed environment: nothing of the machine's own configuration reaches a test, nothing leaves it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.tools import Repo, git_in

ODD = "naïve répo"
"""Every repository of the tests lies in a path with a space and letters outside ASCII."""

IN_MEMORY = "/dev/shm"  # noqa: S108 - pytest makes a directory there that is the user's alone
"""Where Linux keeps files without a disk."""

GitSettings = frozenset[tuple[str, str]]
"""Variables of the environment that git reads, with their values."""

ROOM = 2 << 30
"""Bytes that must be free there. A run needs some ten megabytes, tests that fail leave theirs behind."""


# no test is timed; the seal below is the same for every example
settings.register_profile(
    "ours", deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
settings.load_profile("ours")


def holds_repositories(place: str) -> bool:
    """Whether there is room for some thousand small repositories, in which hooks may be executed."""
    try:
        about = os.statvfs(place)
    except (AttributeError, OSError):  # Windows has no such call
        return False
    return about.f_bavail * about.f_frsize >= ROOM and not about.f_flag & os.ST_NOEXEC


if holds_repositories(IN_MEMORY):
    # Git and we wait for the disk at each record; the tests would do little else. A root that is given is kept.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", IN_MEMORY)


WORKERS_A_CORE = 2
"""More than one, because tests wait: for processes, for remotes, until something expires."""


def pytest_xdist_auto_num_workers() -> int | None:
    """How many processes ``-n auto`` means; None leaves it to a variable of xdist."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return WORKERS_A_CORE * (cores or 1)


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new home directory for each test; ``mktemp`` would read the names of all before it each time."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def hermetic_seal(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    home = next(homes)
    home.mkdir()
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


@pytest.fixture(scope="session")
def shops() -> dict[GitSettings, Path]:
    """Repositories to copy, by what the environment tells git, such as who makes commits."""
    return {}


@pytest.fixture
def repo(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    shops: dict[GitSettings, Path],
) -> Repo:
    """A repository with one commit, in an awkward path: a copy of one that is made once."""
    told = frozenset(pair for pair in os.environ.items() if pair[0].startswith("GIT_"))
    if told not in shops:
        shops[told] = tmp_path_factory.mktemp("shops") / "shop"
        make_shop(shops[told])
    path = tmp_path / ODD
    shutil.copytree(shops[told], path, copy_function=shutil.copy)
    git_in(path, "update-index", "--refresh")  # which knows the files by their inodes, too
    return Repo(path)


def make_shop(path: Path) -> None:
    made = Repo.make(path)
    made.write("src/billing.py", "def compute_total(items):\n    return sum(items)\n")
    made.write("src/shop.py", "from src.billing import compute_total\n")
    made.write("README.md", "# Shop\n")
    made.commit("A small shop")


@pytest.fixture
def daemons() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes to stop at the end of the test."""
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        process.kill()
        process.wait()
