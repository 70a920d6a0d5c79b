"""What agents' hooks told of a worktree: which new files are work, and whose."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.agents.playing import Clock, Player, a_place, a_worktree
from tests.radar.test_radar import met
from tests.tools import Repo

pytestmark = pytest.mark.slow


def test_a_new_file_that_a_tool_made_is_work_and_no_other_is(repo: Repo) -> None:
    a_place(repo)
    clock = Clock(datetime.now(UTC))
    for name in ("ann", "bob"):
        agent = Player(a_worktree(repo, name), name, clock)
        agent.start()
        agent.edit("src/new.py", "", f"def new():\n    return '{name}'\n")
        agent.edit("build/made.py", "", f"def made():\n    return '{name}'\n")
        (agent.path / "secret.txt").write_text(f"password of {name}\n")
        assert "?? src/new.py" in Repo(agent.path).git("status", "--porcelain", "-uall")

    told = repo.json("radar")

    assert {side["name"]: side["run_id"] for side in told["sides"]} == {
        "ann": "claude:ann",
        "bob": "claude:bob",
    }
    assert met(told) == {frozenset(("ann", "bob")): ["src/new.py::new"]}


def test_the_agent_that_was_there_last_is_at_work_and_one_that_ended_is_not(repo: Repo) -> None:
    a_place(repo)
    clock = Clock(datetime.now(UTC))
    path = a_worktree(repo, "ann")
    first, second, third = (Player(path, name, clock) for name in ("one", "two", "three"))
    for agent in (first, second, third):
        clock.pass_by(seconds=10)
        agent.start()
    third.end()
    second.edit("src/a.py", "return x\n", "return x + 0\n")

    (side,) = repo.json("radar")["sides"]

    assert side["run_id"] == "claude:two"
    assert repo.json("forecast", "--min-confidence", "0")["conflicts"] == []
