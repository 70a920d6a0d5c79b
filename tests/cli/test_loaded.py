"""What plain commands load: each module costs them time, and it is easily brought back by one import."""

from __future__ import annotations

import subprocess
import sys

import pytest

from git_muse_coord.store.hooks import CALLER
from tests.tools import Repo

HEAVY = {
    *(
        "argparse",
        "ast",
        "asyncio",
        "click",
        "collections",
        "concurrent",
        "contextlib",
        "dataclasses",
        "datetime",
    ),
    *(
        "email",
        "enum",
        "functools",
        "graphlib",
        "hashlib",
        "importlib",
        "inspect",
        "json",
        "logging",
        "pathlib",
    ),
    *(
        "pickle",
        "platform",
        "pygit2",
        "random",
        "re",
        "shlex",
        "shutil",
        "signal",
        "socket",
        "sqlite3",
    ),
    *("subprocess", "tempfile", "textwrap", "threading", "traceback", "tree_sitter", "typing"),
    *("urllib", "uuid", "weakref", "xml"),
}

OURS = {
    *("cli", "symbols", "store.sync", "store.agents", "store.agent_memory.memory"),
    *("coordinator.background_sync", "store.git.ranges", "store.records.archive"),
    *("store.records.archive_index", "store.records.remote_memory"),
    *("rules.lifetime", "store.git.foreign", "store.git.temporary", "store.records.segments"),
}
PLAIN = [
    ("reserve", "free.py"),
    ("reserve", "held.py"),
    ("heartbeat", "--all"),
    ("check",),
    ("list",),
    ("list", "--json"),
    ("list", "--mine"),
    ("list", "--address", "held.py"),
    ("status",),
    ("release", "--all"),
    ("hook", "pre-commit"),
]


def modules_loaded(repo: Repo, code: str, *arguments: str) -> set[str]:
    """The modules that a process loads, and those that it starts by forking."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code, *arguments],
        cwd=repo.path,
        capture_output=True,
        text=True,
        check=True,
    )
    names: set[str] = set()
    for line in done.stderr.splitlines():
        if line.startswith("import time:"):
            names.add(line.rpartition("|")[2].strip())
    return names


def with_packages(names: set[str]) -> set[str]:
    """Modules with all packages that they lie in."""
    whole: set[str] = set()
    for name in names:
        steps = name.split(".")
        for depth in range(len(steps)):
            whole.add(".".join(steps[: depth + 1]))
    return whole


@pytest.mark.parametrize("arguments", PLAIN, ids=" ".join)
def test_a_plain_command_loads_nothing_heavy(
    repo: Repo,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
) -> None:
    repo.write("held.py", "y = 1\n")
    repo.commit("held")
    repo.write("free.py", "x = 1\n")
    repo.git("add", ".")
    repo.reserve("other.py", "--run-id", "me")
    repo.reserve("held.py", "--run-id", "you")
    monkeypatch.setenv("MUSE_RUN_ID", "me")
    before = modules_loaded(repo, "pass")
    start = "from git_muse_coord.__main__ import main; main()"
    loaded = with_packages(modules_loaded(repo, start, *arguments) - before)
    assert "git_muse_coord.coordinator.session" in loaded
    unwanted = HEAVY | {f"git_muse_coord.{name}" for name in OURS}
    assert sorted(loaded & unwanted) == []


def test_to_read_one_file_loads_nothing_for_many(repo: Repo) -> None:
    repo.write("held.py", "def f():\n    return 1\n")
    repo.commit("held")
    start = "from git_muse_coord.__main__ import main; main()"
    loaded = with_packages(modules_loaded(repo, start, "reserve", "held.py::f"))
    assert "git_muse_coord.symbols.chunks" in loaded
    unwanted = {"asyncio", "concurrent", "multiprocessing", "pickle", "socket", "subprocess"}
    assert sorted(loaded & unwanted) == []


def test_a_commit_that_meets_somebody_loads_nothing_heavy(
    repo: Repo,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repo.write("held.py", "def f():\n    return 1\n")
    repo.commit("held")
    repo.reserve("held.py::f", "--run-id", "you")
    repo.write("held.py", "def f():\n    return 2\n")
    repo.git("add", ".")
    monkeypatch.setenv("MUSE_RUN_ID", "me")
    monkeypatch.setenv(CALLER, "1")
    before = modules_loaded(repo, "pass")
    start = "from git_muse_coord.__main__ import main; main()"
    # what is in the file is remembered from now on
    modules_loaded(repo, start, "hook", "pre-commit")
    loaded = with_packages(modules_loaded(repo, start, "hook", "pre-commit") - before)
    assert "git_muse_coord.commands.findings" in loaded
    assert sorted(loaded & HEAVY) == []
