"""Agents in two clones of one remote hear of each other, with no command typed and nobody waiting for the network."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.tools import Repo, git_in, program

pytestmark = pytest.mark.slow

HEARD_WITHIN = 5.0
"""Seconds after muse-coord.syncEvery in which an agent hears of another one, at its first event."""

_BUSY = 3
"""How many times as long it may take where all cores run other tests."""


@pytest.fixture
def clones(repo: Repo, tmp_path: Path) -> tuple[Repo, Repo]:
    git_in(tmp_path, "clone", "-q", "--bare", str(repo.path), "hub ü.git")
    made = []
    for name in ("one", "two ü"):
        git_in(tmp_path, "clone", "-q", "hub ü.git", name)
        clone = Repo(tmp_path / name)
        clone.git("config", "muse-coord.autoReserve", "true")
        clone.git("config", "muse-coord.syncEvery", "1")
        assert clone.muse("install", "--sync").code == 0
        made.append(clone)
    return made[0], made[1]


def before_edit(
    clone: Repo,
    session: str,
    number: int,
    old: str,
) -> str:
    """What Claude Code would hear before it edits the shop."""
    file = clone.path / "src/billing.py"
    event = {
        "session_id": session,
        "cwd": str(clone.path),
        "hook_event_name": "PreToolUse",
        "tool_name": "Edit",
        "tool_use_id": f"{session}-{number}",
        "tool_input": {"file_path": str(file), "old_string": old, "new_string": f"{old} + 0"},
    }
    ran = program("hook", "claude", cwd=clone.path, given=json.dumps(event).encode())
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def test_an_agent_in_another_clone_is_told_before_its_edit(clones: tuple[Repo, Repo]) -> None:
    one, two = clones
    before_edit(two, "ben", 0, "nothing like this")
    assert before_edit(one, "ann", 0, "return sum(items)") == ""
    (reservation,) = one.json("list")["reservations"]
    began = time.monotonic()

    number = 0
    heard = ""
    while "claude:ann" not in heard:
        number += 1
        # an event without an edit that could be computed, and so without a reservation of its own
        before_edit(two, "ben", number, "nothing like this")
        if reservation["reservation_id"] in two.held():
            heard = before_edit(two, "ben", number + 1000, "return sum(items)")
            assert "src/billing.py::compute_total" in heard
        assert time.monotonic() - began < _BUSY * (1 + HEARD_WITHIN)
        time.sleep(0.2)


def test_what_ends_is_heard_of_too(clones: tuple[Repo, Repo]) -> None:
    one, two = clones
    held = one.reserve("a.py", "--run-id", "ann")
    give_up = time.monotonic() + _BUSY * (1 + HEARD_WITHIN)
    while held not in two.held():
        assert time.monotonic() < give_up
        time.sleep(0.2)
    # the last thing that happens in this clone
    one.json("release", held, "--run-id", "ann")
    give_up = time.monotonic() + _BUSY * (1 + HEARD_WITHIN)
    while held in two.held():
        assert time.monotonic() < give_up
        time.sleep(0.2)
