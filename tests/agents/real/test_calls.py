"""Hooks of real programs call our MCP server; where that is not up, processes answer instead."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

pytest.importorskip("mcp")

from tests.agents.model_stand_in import ModelStandIn, Patch, Step, Use
from tests.agents.real.programs import environment, needs_programs, run_claude, run_codex
from tests.tools import git_in, program

pytestmark = needs_programs

TEXT = "".join(f"def f{number}(x):\n    return x\n\n\n" for number in range(4))
WORDS = "it is mine"


class Place(NamedTuple):
    """A repository whose hooks call the server, a home, and where each start of our program is written down."""

    repo: Path
    home: Path
    bin: Path

    def muse(self, *arguments: str) -> str:
        ran = program(*arguments, cwd=self.repo, HOME=str(self.home))
        assert ran.code == 0, ran
        return ran.out

    def claude(self, steps: list[Step]) -> str:
        """What an agent was told in all, that takes some steps."""
        path = os.pathsep.join([str(self.bin), environment(self.home)["PATH"]])
        options = ["--mcp-config", ".mcp.json", "--strict-mcp-config"]
        with ModelStandIn({"MAIN": steps}) as model:
            run_claude(self.repo, self.home, model, "MAIN do it", *options, PATH=path)
            return json.dumps(model.told("MAIN"), ensure_ascii=False)

    def starts(self, word: str) -> int:
        """How many processes of ours were asked for something."""
        lines = (self.bin / "started").read_text().splitlines()
        return sum(line.startswith(word) for line in lines)

    def edit(self, number: int) -> list[Step]:
        file = {"file_path": str(self.repo / "src/a.py")}
        old = f"def f{number}(x):\n    return x"
        return [
            Use("Read", file),
            Use("Edit", {**file, "old_string": old, "new_string": old + " + 1"}),
        ]

    def codex(self, **scripts: list[Step]) -> str:
        """The same of Codex; ``SUBTASK`` is what its sub-agent does."""
        path = os.pathsep.join([str(self.bin), environment(self.home)["PATH"]])
        with ModelStandIn(scripts) as model:
            run_codex(self.repo, self.home, model, "MAIN do it", PATH=path)
            return json.dumps(model.told("MAIN"), ensure_ascii=False)

    @property
    def text(self) -> str:
        return (self.repo / "src/a.py").read_text()


@pytest.fixture(params=["claude"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A place whose hooks are those of the program that the fixture is asked for."""
    place = Place(tmp_path / "wörk spacé", tmp_path / "home", tmp_path / "bin")
    place.home.mkdir()
    (place.home / ".gitconfig").write_text("[user]\n\tname = Ann\n\temail = ann@example.invalid\n")
    place.bin.mkdir()
    (place.bin / "started").touch()
    ours = shutil.which("git-muse-coord", path=environment(place.home)["PATH"])
    counting = place.bin / "git-muse-coord"
    counting.write_text(f'#!/bin/sh\necho "$@" >>"{place.bin}/started"\nexec "{ours}" "$@"\n')
    counting.chmod(0o755)
    (place.repo / "src").mkdir(parents=True)
    git_in(place.repo, "init", "-qb", "main")
    (place.repo / "src/a.py").write_text(TEXT)
    place.muse("install", "--agent", request.param, "--mcp")
    git_in(place.repo, "add", "-A")
    git_in(place.repo, "commit", "-qm", "Begin")
    place.muse("reserve", "src/a.py::f1", "--run-id", "bob", "--reason", WORDS)
    return place


def test_an_edit_is_told_by_the_server_and_starts_no_process(place: Place) -> None:
    steps = place.edit(0) + place.edit(1) + place.edit(2) + place.edit(3)

    told = place.claude(steps)

    assert WORDS in told
    assert place.text.count("return x + 1") == 4
    # Both answer the first event, and perhaps one more until the mark is seen.
    ends_of_the_session = 2
    assert place.starts("hook claude") <= ends_of_the_session + 2
    assert place.starts("mcp") == 1
    held = place.muse("list", "--compact")
    assert "src/a.py::f3" in held


def test_by_a_call_alone_an_edit_is_stopped(place: Place) -> None:
    git_in(place.repo, "config", "muse-coord.agentMode", "block")
    settings = place.repo / ".claude/settings.json"
    hooks = json.loads(settings.read_text())["hooks"]
    for groups in hooks.values():
        for group in groups:
            calls = [handler for handler in group["hooks"] if handler["type"] == "mcp_tool"]
            group["hooks"] = calls
    settings.write_text(json.dumps({"hooks": hooks}))

    told = place.claude(place.edit(1))

    assert WORDS in told
    assert place.text == TEXT
    assert place.starts("hook claude") == 0


def test_without_the_server_processes_answer(place: Place) -> None:
    (place.repo / ".mcp.json").write_text('{"mcpServers": {"muse-coord": {"command": "/nowhere"}}}')
    git_in(place.repo, "config", "muse-coord.agentMode", "block")

    told = place.claude(place.edit(1) + place.edit(2))

    assert WORDS in told
    assert place.text == TEXT.replace("def f2(x):\n    return x", "def f2(x):\n    return x + 1")
    assert place.starts("hook claude") >= 3
    assert place.starts("mcp") == 0


# It starts its servers beside the first steps of an agent, and does not wait for them.
WAIT = Use("exec_command", {"cmd": "sleep 8", "yield_time_ms": 20_000})
in_codex = pytest.mark.parametrize("place", ["codex"], indirect=True)


def patch(number: int) -> Step:
    lines = [
        "*** Begin Patch",
        "*** Update File: src/a.py",
        f"@@ def f{number}(x):",
        "-    return x",
        "+    return x + 1",
        "*** End Patch",
    ]
    return Patch("\n".join(lines))


@in_codex
def test_codex_calls_the_server_as_well(place: Place) -> None:
    spawn = Use("spawn_agent", {"message": "SUBTASK do it"}, "multi_agent_v1")
    steps = [WAIT, patch(0), patch(1), patch(2), spawn, WAIT]

    told = place.codex(SUBTASK=[patch(3)], MAIN=steps)

    assert WORDS in told
    assert place.text.count("return x + 1") == 4
    rows = json.loads(place.muse("list", "--json"))["reservations"]
    holders = {row["run_id"] for row in rows if "src/a.py::f3" in row["addresses"]}
    # a sub-agent is a run of its own
    assert all("/" in holder for holder in holders), holders
    assert len(holders) == 1
    session = holders.pop().partition("/")[0]
    assert session in {row["run_id"] for row in rows}
    # starts and ends of two agents, the first command, and what the sub-agent does; of ten around tools the others none
    assert place.starts("hook codex") <= 4 + 2 + 2 + 1


@in_codex
def test_without_the_server_processes_answer_codex(place: Place) -> None:
    git_in(place.repo, "config", "muse-coord.agentMode", "block")
    config = place.repo / ".codex/config.toml"
    config.write_text(config.read_text().replace("git-muse-coord", "/nowhere"))

    told = place.codex(MAIN=[patch(1), patch(2)])

    assert WORDS in told
    assert place.text.count("return x + 1") == 1
    assert place.starts("mcp") == 0


@in_codex
def test_who_is_named_by_a_person_is_that_in_codex_too(place: Place) -> None:
    path = os.pathsep.join([str(place.bin), environment(place.home)["PATH"]])
    with ModelStandIn({"MAIN": [WAIT, patch(0), patch(2)]}) as model:
        run_codex(place.repo, place.home, model, "MAIN do it", PATH=path, MUSE_RUN_ID="ann")

    rows = json.loads(place.muse("list", "--json"))["reservations"]
    assert {row["run_id"] for row in rows} == {"ann", "bob"}
