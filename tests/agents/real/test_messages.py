"""The real Claude Code is told something while it works, hears it at its next step, and answers."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from tests.agents.model_stand_in import ModelStandIn, Use
from tests.agents.real.programs import PATIENCE, needs_programs, run_claude
from tests.tools import Repo, git_in, program

pytestmark = needs_programs

SESSION = "0d5e7a31-5c0f-4f0e-9b52-0f8f1c1a7d10"
WAIT = "touch started; for i in $(seq 300); do test -e told && break; sleep 0.1; done"
ANSWER = "git-muse-coord tell orchestrator 'I only need f.'"
CHANGE = {"old_string": "return x", "new_string": "return 1"}


def test_what_is_told_is_heard_at_the_next_step_and_answered(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\n\tname = Ann\n\temail = ann@example.invalid\n")
    place = tmp_path / "wörk spacé"
    place.mkdir()
    git_in(place, "init", "-q")
    (place / "a.py").write_text("def f(x):\n    return x\n")
    git_in(place, "add", "-A")
    git_in(place, "commit", "-qm", "Begin")
    assert program("install", "--agent", "claude", cwd=place, HOME=str(home)).code == 0

    def orchestrate() -> None:
        _wait_for(place / "started")
        line = ["tell", "claude:0d5e7a31", "Leave g alone, please."]
        told = program(*line, "--run-id", "orchestrator", cwd=place)
        assert told.code == 0, told
        (place / "told").touch()

    steps = [
        Use("Read", {"file_path": str(place / "a.py")}),
        Use("Bash", {"command": WAIT, "description": "wait"}),
        Use("Bash", {"command": ANSWER, "description": "answer"}),
        Use("Edit", {"file_path": str(place / "a.py"), **CHANGE}),
    ]
    orchestrator = threading.Thread(target=orchestrate)
    orchestrator.start()
    with ModelStandIn({"BEN": steps}) as model:
        run_claude(place, home, model, "BEN do it", "--session-id", SESSION)
        heard = str(model.heard)
    orchestrator.join()

    assert "no instruction" in heard
    assert "Leave g alone, please." in heard
    repo = Repo(place)
    answers = repo.json("inbox", "--run-id", "orchestrator")["messages"]
    assert [(told["run_id"], told["text"]) for told in answers] == [
        (f"claude:{SESSION}", "I only need f.")
    ]
    own = repo.json("inbox", "--all", "--run-id", "orchestrator")["messages"]
    assert [told["read_at"] is not None for told in own if told["run_id"] == "orchestrator"] == [
        True
    ]


def _wait_for(path: Path) -> None:
    give_up = time.monotonic() + PATIENCE
    while not path.exists() and time.monotonic() < give_up:
        time.sleep(0.05)
