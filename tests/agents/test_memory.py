"""What is remembered of agents between two events."""

from __future__ import annotations

import os
import subprocess
from datetime import timedelta
from pathlib import Path

from git_muse_coord.model.text_types import RunId
from git_muse_coord.store.agent_memory.memory import AgentMemory
from git_muse_coord.store.git.processes import birth
from tests.tools import NOON

A, B = RunId("claude:a"), RunId("claude:b")


def test_a_session_ends_with_its_sub_agents_and_may_come_back(tmp_path: Path) -> None:
    memory = AgentMemory(str(tmp_path / "folder" / "agents"))
    for run_id in (A, RunId(f"{A}/sub"), B):
        memory.saw(run_id, "here", NOON)
    memory.saw(A, "there", NOON)
    assert memory.ended_runs("here") == set()
    memory.end(A, NOON)
    assert memory.ended_runs("here") == {A, f"{A}/sub"}
    assert memory.ended_runs("there") == {A}
    assert AgentMemory(str(tmp_path / "folder" / "agents")).ended_runs("elsewhere") == set()
    memory.saw(A, "here", NOON + timedelta(hours=1))
    assert memory.ended_runs("here") == {f"{A}/sub"}


def test_a_session_has_ended_when_its_program_is_gone(tmp_path: Path) -> None:
    memory = AgentMemory(str(tmp_path / "agents"))
    program = subprocess.Popen(["sleep", "60"])
    name = f"{program.pid} {birth(program.pid)}"
    memory.saw(A, "here", NOON, lambda: name)
    memory.saw(RunId(f"{A}/sub"), "here", NOON)
    memory.saw(B, "here", NOON)
    assert memory.ended_runs("here") == set()
    program.kill()
    program.wait()
    assert memory.ended_runs("here") == {A, f"{A}/sub"}
    memory.saw(B, "here", NOON, lambda: f"{os.getpid()} 12345")  # known, so it is not asked again
    assert B not in memory.ended_runs("here")
    memory.saw(A, "here", NOON, lambda: f"{os.getpid()} {birth(os.getpid())}", begins=True)
    assert memory.ended_runs("here") == set()  # another program goes on with the session


def test_a_run_whose_name_only_begins_alike_goes_on(tmp_path: Path) -> None:
    memory = AgentMemory(str(tmp_path / "agents"))
    for run_id in ("claude:a", "claude:ab", "claude:a_/x"):
        memory.saw(RunId(run_id), "here", NOON)
    memory.end(A, NOON)
    assert memory.ended_runs("here") == {A}


def test_what_was_seen_long_ago_is_forgotten(tmp_path: Path) -> None:
    memory = AgentMemory(str(tmp_path / "agents"))
    memory.saw(A, "here", NOON)
    memory.end(A, NOON)
    memory.end(B, NOON + timedelta(days=31))
    assert memory.ended_runs("here") == set()


def test_a_memory_that_is_damaged_knows_nothing_and_begins_anew(tmp_path: Path) -> None:
    place = tmp_path / "agents"
    place.write_bytes(b"no database, but longer than the header of one" * 100)
    memory = AgentMemory(str(place))
    assert memory.ended_runs("here") == set()
    memory.saw(A, "here", NOON)
    memory.end(A, NOON)
    assert memory.ended_runs("here") == {A}
