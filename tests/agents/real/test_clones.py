"""The real Claude Code in two clones of one remote: no command typed, and nobody waits for the network."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.agents.model_stand_in import ModelStandIn, Use
from tests.agents.real.programs import needs_programs, run_claude
from tests.tools import git_in, program

pytestmark = needs_programs

TEXT = "def f(x):\n    return x\n\n\ndef g(x):\n    return x\n"
CHANGE_F = {"old_string": "def f(x):\n    return x", "new_string": "def f(x):\n    return 1"}
CHANGE_G = {"old_string": "def g(x):\n    return x", "new_string": "def g(x):\n    return 1"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    made.mkdir()
    (made / ".gitconfig").write_text("[user]\n\tname = Ann\n\temail = ann@example.invalid\n")
    return made


@pytest.fixture
def clones(tmp_path: Path, home: Path) -> list[Path]:
    git_in(tmp_path, "init", "-q", "--bare", "hüb.git")
    made: list[Path] = []
    for name in ("one", "two ü"):
        git_in(tmp_path, "clone", "-q", "hüb.git", name)
        clone = tmp_path / name
        if not made:
            (clone / "a.py").write_text(TEXT)
            git_in(clone, "add", "-A")
            git_in(clone, "commit", "-qm", "Begin")
            git_in(clone, "push", "-q", "origin", "HEAD")
        ran = program("install", "--agent", "claude", "--sync", cwd=clone, HOME=str(home))
        assert ran.code == 0, ran
        git_in(clone, "config", "muse-coord.syncEvery", "1")
        git_in(clone, "config", "muse-coord.agentMode", "block")
        made.append(clone)
    return made


def test_the_second_is_stopped_at_what_the_first_edits_and_nowhere_else(
    clones: list[Path], home: Path
) -> None:
    one, two = (clone / "a.py" for clone in clones)
    scripts = {
        "ANN": [
            Use("Read", {"file_path": str(one)}),
            Use("Edit", {"file_path": str(one), **CHANGE_F}),
        ],
        "BEN": [
            Use("Read", {"file_path": str(two)}),
            # the first event begins a sync, and this one takes as long as anybody may have to wait
            Use("Bash", {"command": "sleep 5", "description": "wait"}),
            Use("Edit", {"file_path": str(two), **CHANGE_F}),
            Use("Edit", {"file_path": str(two), **CHANGE_G}),
        ],
    }
    with ModelStandIn(scripts) as model:
        run_claude(clones[0], home, model, "ANN do it")
        run_claude(clones[1], home, model, "BEN do it")
        heard = str(model.heard)

    assert one.read_text() == TEXT.replace("return x", "return 1", 1)
    assert two.read_text() == TEXT[:-2] + "1\n", "f as it was, g changed"
    assert "another agent was first" in heard
    assert "a.py::f is held by claude:" in heard
