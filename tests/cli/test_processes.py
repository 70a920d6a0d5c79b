"""How often plain commands ask git: each time costs a process."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.hooks.tools import run_git
from tests.tools import Repo

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere git writes objects")

RESERVED = ["config", "update-ref"]
ASKED: list[tuple[str, list[str]]] = [
    ("reserve free.py --run-id me", RESERVED),
    ("reserve held.py --run-id me", RESERVED),
    ("reserve held.py::y --run-id me", RESERVED),
    ("heartbeat --all --run-id me", RESERVED),
    ("release --all --run-id me", RESERVED),
    ("list", ["config"]),
    ("list --mine --json", ["config"]),
    ("list --address held.py", ["config"]),
    ("status", ["config"]),
    ("check", ["config", "diff-index"]),
    ("hook pre-commit", ["config", "diff-index"]),
]


def asked(repo: Repo, line: str) -> list[str]:
    """What a program asks git for."""
    trace = repo.git_dir / "trace"
    ran = run_git(repo.path, "muse-coord", *line.split(), GIT_TRACE=str(trace))
    assert ran.code == 0, ran.err
    verbs: list[str] = []
    for row in trace.read_text().splitlines():
        _, is_git, words = row.partition("trace: built-in: git ")
        if is_git:
            verbs.append(words.split()[0])
    trace.unlink()
    return verbs


@pytest.fixture
def place(repo: Repo) -> Repo:
    repo.write("held.py", "y = 1\n")
    repo.commit("held")
    repo.write("free.py", "x = 1\n")
    repo.git("add", ".")
    repo.reserve("other.py", "--run-id", "me")
    repo.reserve("held.py", "--run-id", "you")
    return repo


@pytest.mark.parametrize(("line", "verbs"), ASKED, ids=[line for line, _ in ASKED])
@pytest.mark.parametrize("packed", [False, True], ids=["loose", "packed"])
def test_a_plain_command_asks_git_no_more_than_it_must(
    place: Repo,
    line: str,
    verbs: list[str],
    packed: bool,
) -> None:
    if packed:
        place.git("pack-refs", "--all")
    assert sorted(asked(place, line)) == sorted(verbs)


def test_a_linked_worktree_asks_no_more(place: Repo, tmp_path: Path) -> None:
    place.git("worktree", "add", "-q", "../öther place", "-b", "other")
    other = Repo(place.path.parent / "öther place")
    trace = tmp_path / "trace"
    ran = run_git(other.path, "muse-coord", "reserve", "held.py", GIT_TRACE=str(trace))
    assert ran.code == 0
    assert trace.read_text().count("trace: built-in: git ") == len(RESERVED)
