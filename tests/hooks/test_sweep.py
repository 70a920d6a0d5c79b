"""A sweep through many files that many others hold: each is told of briefly, and once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.hooks.tools import run_git, warned
from tests.tools import Repo, git_in

pytestmark = pytest.mark.slow

FILES = 33
RESERVATIONS = 53
HOLDERS = 9


@pytest.fixture
def swept(shop: Repo, tmp_path: Path) -> Repo:
    """A change of 33 files is staged, in which nine others have made 53 reservations."""
    for number in range(FILES):
        text = "def first():\n    return 1\n\n\ndef second():\n    return 2\n"
        shop.write(f"src/naïve {number}.py", text)
    shop.commit("Many files")
    git_in(tmp_path, "clone", "-q", "--bare", str(shop.path), "hub")
    shop.git("remote", "add", "origin", str(tmp_path / "hub"))
    shop.git("fetch", "-q", "origin")
    shop.json("sync")
    coordinator = shop.coordinator()
    for number in range(RESERVATIONS):
        symbol = "first" if number < FILES else "second"
        place = f"src/naïve {number % FILES}.py::{symbol}"
        coordinator.reserve([place], run_id=f"agent-{number % HOLDERS}", reason="round\nper line")
    for number in range(FILES):
        shop.write(f"src/naïve {number}.py", "def first():\n    return 3\n")
    shop.git("add", ".")
    return shop


def told(said: str) -> list[str]:
    """The lines that are ours."""
    lines = said.splitlines()
    return [line for line in lines if not line.startswith("error: failed to push")]


def test_a_commit_tells_of_each_holder_and_a_push_in_one_line(swept: Repo) -> None:
    committed = run_git(swept.path, "commit", "-m", "Sweep")

    assert committed.code == 0
    assert len(committed.err.splitlines()) <= 25
    assert "and 37 more: git muse-coord check --all-findings --range HEAD^!" in committed.err
    assert committed.err.count("⚠ 6 reservations of run-id 'agent-") == 4
    assert '"round\\nper line"' in committed.err
    everything = swept.muse("check", "--all-findings", "--range", "HEAD^!")
    assert len(re.findall(r"^(?:⚠|   ) .*\.py", everything.out, re.MULTILINE)) == RESERVATIONS

    pushed = run_git(swept.path, "push", "-q", "origin", "main")

    assert pushed.code == 0
    (line,) = pushed.err.splitlines()
    assert line.startswith("⚠ 53 conflicts with run-id 'agent-")
    command = line.partition("told at the commit: git muse-coord ")[2]
    assert swept.json(*command.split())["conflict_details"]


def test_block_says_at_the_push_in_two_lines_what_stops_it(swept: Repo) -> None:
    assert run_git(swept.path, "commit", "-m", "Sweep").code == 0
    swept.git("config", "muse-coord.hookMode", "block")

    pushed = run_git(swept.path, "push", "-q", "origin", "main")

    assert pushed.code != 0
    assert len(told(pushed.err)) == 2
    assert "git push --no-verify" in pushed.err


def test_a_commit_that_is_stopped_names_the_command_for_what_is_staged(swept: Repo) -> None:
    swept.git("config", "muse-coord.hookMode", "block")

    committed = run_git(swept.path, "commit", "-m", "Sweep")

    assert committed.code != 0
    assert len(committed.err.splitlines()) <= 25
    assert re.search(r"more: git muse-coord check --all-findings$", committed.err, re.MULTILINE)


def test_a_push_tells_in_full_what_no_commit_was_told(swept: Repo) -> None:
    swept.git("rm", "-q", "--cached", "-r", "src")
    swept.git("reset", "-q")
    swept.git("add", "src/naïve 0.py")
    assert len(warned(run_git(swept.path, "commit", "-m", "One").err)) == 0  # a blank is in it
    swept.write("other.py", "def other():\n    return 2\n")
    swept.git("commit", "-qm", "Another", "other.py")
    swept.reserve("other.py::other", "--run-id", "late")

    pushed = run_git(swept.path, "push", "-q", "origin", "main")

    assert warned(pushed.err) == ["other.py::other"]
    assert "is reserved by run-id 'late'" in pushed.err
    assert re.search(
        r"^⚠ 2 conflicts with run-id 'agent-0'.*, told at the commit: ", pushed.err, re.M
    )
    assert "1 conflict\n" in pushed.err
