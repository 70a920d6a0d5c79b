"""Long lists at a terminal go to git's pager, and nowhere else."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.docs.shells import at_terminal
from tests.tools import Repo, program

pytestmark = pytest.mark.slow

ROWS = 60
"""Of the terminals of these tests."""

MARK = "sed 's/^/paged: /'"


@pytest.fixture
def long(repo: Repo) -> Repo:
    """A repository whose symbols do not fit a screen."""
    repo.write("src/many.py", "".join(f"def f{n}(): pass\n" for n in range(2 * ROWS)))
    repo.commit("many")
    repo.git("config", "core.pager", MARK)
    return repo


def shown(repo: Repo, line: str, **environment: str) -> str:
    """What a terminal shows of a line, with the exit code at the end."""
    shell = ["sh", "-c", f"{line}; echo code=$?; read wait"]
    with at_terminal(shell, repo.path, **environment) as terminal:
        terminal.wait_for(r"code=\d+\n")
        return terminal.seen


SYMBOLS = "git-muse-coord symbols src/many.py"


@pytest.mark.parametrize(
    "line", [SYMBOLS, "git muse-coord symbols src/many.py", "git -p muse-coord symbols src/many.py"]
)
def test_what_is_long_goes_to_the_pager(long: Repo, line: str) -> None:
    told = shown(long, line)

    assert told.count("paged: ") > 2 * ROWS
    assert "paged: paged:" not in told
    assert told.endswith("code=0\n")


def test_what_is_short_is_printed(long: Repo) -> None:
    long.reserve("a.py", "--run-id", "ann")

    assert "paged" not in shown(long, "git-muse-coord list")


def test_nothing_is_paged_where_nobody_reads(long: Repo) -> None:
    assert "paged" not in program("symbols", "src/many.py", cwd=long.path).out
    assert "paged" not in shown(long, f"{SYMBOLS} --json")
    assert "paged" not in shown(long, f"{SYMBOLS} | cat")
    told = shown(long, "git-muse-coord reserve " + " ".join(f"{n}.py" for n in range(2 * ROWS)))
    assert "paged" not in told


@pytest.mark.parametrize(
    ("setting", "environment", "is_paged"),
    [
        ("false", {}, False),
        ("true", {}, True),
        ("sed 's/^/mine: /'", {}, "mine: "),
        (None, {"GIT_PAGER": "sed 's/^/other: /'"}, "other: "),
        ("sed 's/^/mine: /'", {"GIT_PAGER": "cat"}, False),
        (None, {"GIT_PAGER": ""}, False),
        (None, {"PAGER": "cat"}, True),
        (None, {"GIT_PAGER": "no-such-pager"}, False),
    ],
)
def test_it_is_the_pager_of_gits_own_order(
    long: Repo, setting: str | None, environment: dict[str, str], is_paged: bool | str
) -> None:
    if setting is not None:
        long.git("config", "pager.muse-coord", setting)

    told = shown(long, SYMBOLS, **environment)

    mark = is_paged if isinstance(is_paged, str) else "paged: "
    assert (mark in told) is bool(is_paged)
    assert "f119" in told
    assert told.endswith("code=0\n")


def test_who_leaves_the_pager_early_breaks_nothing(long: Repo) -> None:
    told = shown(long, "git-muse-coord symbols src", GIT_PAGER="head -1")

    assert "LINES" in told
    assert "rror" not in told
    assert "pipe" not in told
    assert told.endswith("code=0\n")


def test_the_exit_code_is_that_of_the_verb(long: Repo) -> None:
    long.reserve("src/", "--run-id", "bob")
    long.write("src/many.py", "".join(f"def f{n}(): return 1\n" for n in range(2 * ROWS)))

    told = shown(
        long,
        "git-muse-coord check --worktree --strict --run-id ann --all-findings",
        GIT_PAGER="false",
    )

    assert told.endswith("code=2\n")


def test_an_interruption_leaves_the_pager_to_its_reader(long: Repo, tmp_path: Path) -> None:
    reader = "sh -c 'trap \"\" INT; cat >/dev/null; echo reading; read answer </dev/tty; echo got=$answer'"
    shell = ["sh", "-c", f"trap : INT; {SYMBOLS}; echo code=$?; read wait"]
    with at_terminal(shell, long.path, GIT_PAGER=reader) as terminal:
        terminal.wait_for("reading\n")
        terminal.type("\x03")
        terminal.type("here\n")
        terminal.wait_for("got=here\n")
        terminal.wait_for("code=0\n")


def test_git_tells_which_pager_without_a_repository(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "git_muse_coord", "schema", "list"]
    with at_terminal(line, tmp_path, GIT_PAGER=MARK, PYTHONPATH=os.getcwd()) as terminal:
        terminal.wait_for("paged: ")
