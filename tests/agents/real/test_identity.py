"""Who the real programs are: the commands that they run, their hooks and git's hooks are one run."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.agents.model_stand_in import ModelStandIn, Step, Use
from tests.agents.real.programs import BINARIES, needs_programs
from tests.agents.real.test_sessions import EDITS, PROGRAMS, RUNS, Clone, clone, holder
from tests.tools import git_in

__all__ = ["clone"]
pytestmark = needs_programs

# A login shell forgets where our program is.
HERE = f"PATH={shlex.quote(str(Path(sys.executable).parent))}:$PATH; export PATH; "
SHELLS: Mapping[str, Any] = {
    "claude": lambda command: Use("Bash", {"command": HERE + command}),
    "codex": lambda command: Use("exec_command", {"cmd": HERE + command, "yield_time_ms": 60_000}),
    "gemini": lambda command: Use(
        "run_shell_command", {"command": HERE + command, "description": "x"}
    ),
}


def run(clone: Clone, name: str, steps: Sequence[Step], **variables: str) -> None:
    with ModelStandIn({"MAIN": steps}) as model:
        RUNS[name](clone.path, clone.home, model, "MAIN do it", **variables)


def told(file: Path) -> list[str]:
    """The run id that ``whoami`` printed into a file, and where it comes from."""
    return [line.strip().removeprefix("from ") for line in file.read_text().splitlines()]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_commit_that_an_agent_makes_meets_none_of_its_own_reservations(
    clone: Clone, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "whoami"
    clone.muse("install", "--hooks")
    git_in(clone.path, "config", "muse-coord.hookMode", "block")
    # Some programs keep the configuration of the user from what they run.
    for setting in ("user.name", "user.email"):
        git_in(clone.path, "config", setting, "ann@example.invalid")
    command = f"git muse-coord whoami >{out}; git commit -qam Change 2>{tmp_path}/commit"

    run(clone, name, [*EDITS[name](clone.path, "f", 7), SHELLS[name](command)])

    run_id, source = told(out)
    shown = holder(clone, "f")
    assert shown.startswith(f"{name}:")
    # Of some the last characters are shown, too.
    assert run_id.startswith(shown.partition("..")[0])
    assert source in ("CLAUDE_CODE_SESSION_ID", "CODEX_THREAD_ID", "GEMINI_CLI")
    assert "held by" not in (tmp_path / "commit").read_text()
    assert git_in(clone.path, "log", "-1", "--format=%s") == "Change"


def test_a_codex_that_claude_starts_is_codex(clone: Clone, tmp_path: Path) -> None:
    inner, after = tmp_path / "inner", tmp_path / "after"
    steps = {
        "MAIN": [
            SHELLS["claude"](
                f"{shlex.quote(str(BINARIES / 'codex'))} exec --dangerously-bypass-hook-trust"
                " --dangerously-bypass-approvals-and-sandbox 'INNER do it' </dev/null;"
                f" git muse-coord whoami >{after}"
            )
        ],
        "INNER": [SHELLS["codex"](f"git muse-coord whoami >{inner}")],
    }
    # It writes the settings of Codex, too.
    with ModelStandIn({"MAIN": []}) as model:
        RUNS["codex"](clone.path, clone.home, model, "MAIN do it")
    config = clone.home / ".codex" / "config.toml"

    with ModelStandIn(steps) as model:
        text = config.read_text()
        before = text.split('base_url = "')[1].split("/v1")[0]
        config.write_text(text.replace(before, model.address))
        RUNS["claude"](clone.path, clone.home, model, "MAIN do it", STAND_IN_KEY="x")

    assert told(inner)[1] == "CODEX_THREAD_ID"
    assert told(after)[1] == "CLAUDE_CODE_SESSION_ID"
