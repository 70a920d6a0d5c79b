"""Real programs start our MCP server by the entry that we install, and their agents call its tools."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("mcp")

from tests.agents.model_stand_in import ModelStandIn, Search, Step, Use
from tests.agents.real.programs import needs_programs, run_claude, run_codex
from tests.tools import Repo, git_in, program

pytestmark = needs_programs

F = "src/a.py::f"


def place_for(tmp_path: Path, name: str) -> tuple[Repo, Path]:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\n\tname = Ann\n\temail = ann@example.invalid\n")
    place = tmp_path / "wörk spacé"
    (place / "src").mkdir(parents=True)
    git_in(place, "init", "-q")
    (place / "src/a.py").write_text("def f(x):\n    return x\n")
    assert program("install", "--mcp", name, cwd=place, HOME=str(home)).code == 0
    git_in(place, "add", "-A")
    git_in(place, "commit", "-qm", "Begin")
    repo = Repo(place)
    repo.muse("reserve", F, "--run-id", "bob", "--reason", "it is mine")
    return repo, home


RESERVE = {"addresses": [F], "run_id": "ann"}
TELL = {"target": "bob", "text": "When are you done?", "run_id": "ann"}


def test_claude_code_calls_the_tools(tmp_path: Path) -> None:
    repo, home = place_for(tmp_path, "claude")
    options = ["--mcp-config", ".mcp.json", "--strict-mcp-config"]
    options += ["--allowedTools", "mcp__muse-coord"]
    steps: list[Step] = [
        Use("mcp__muse-coord__reserve", RESERVE),
        Use("mcp__muse-coord__tell", TELL),
    ]
    with ModelStandIn({"MAIN": steps}) as model:
        run_claude(repo.path, home, model, "MAIN do it", *options)
        told = str(model.told("MAIN"))

    _assert_done(repo, told)


def test_codex_calls_the_tools(tmp_path: Path) -> None:
    repo, home = place_for(tmp_path, "codex")
    # It lets its agent begin before its servers have, and shows their tools only to who looks for them.
    steps: list[Step] = [
        Use("exec_command", {"cmd": "sleep 5"}),
        Search("reserve symbols, tell another run"),
        Use("reserve", RESERVE, "mcp__muse_coord"),
        Use("tell", TELL, "mcp__muse_coord"),
    ]
    with ModelStandIn({"MAIN": steps}) as model:
        run_codex(repo.path, home, model, "MAIN do it")
        told = str(model.told("MAIN"))

    _assert_done(repo, told)


def _assert_done(repo: Repo, told: str) -> None:
    assert "it is mine" in told
    holders = {row["run_id"] for row in repo.json("list")["reservations"]}
    assert holders == {"ann", "bob"}
    heard = repo.json("inbox", "--run-id", "bob")["messages"]
    assert [message["text"] for message in heard] == ["When are you done?"]
