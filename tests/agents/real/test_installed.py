"""What ``install --agent`` writes is taken by the real programs, and the plugin by the real validator."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.agents.model_stand_in import ModelStandIn, Use
from tests.agents.real.programs import (
    BINARIES,
    environment,
    needs_programs,
    run_claude,
    run_codex,
    run_gemini,
)
from tests.docs.places import TOP
from tests.tools import Repo

pytestmark = needs_programs

RUNS: dict[str, Callable[..., subprocess.CompletedProcess[str]]] = {
    "claude": run_claude,
    "codex": run_codex,
    "gemini": run_gemini,
}
LOOK = {
    "claude": Use("Bash", {"command": "git log --oneline", "description": "x"}),
    "codex": Use("exec_command", {"cmd": "git log --oneline"}),
    "gemini": Use("run_shell_command", {"command": "git log --oneline", "description": "x"}),
}


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("whose", [(), ("--user",)])
def test_a_session_is_briefed(
    repo: Repo,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    whose: tuple[str, ...],
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    if whose and name == "gemini":
        pytest.skip("the home that it is run with has settings of its own")
    repo.reserve("src/billing.py", "--run-id", "ann", "--reason", "round per line")
    monkeypatch.setenv("HOME", str(home))
    assert repo.muse("install", "--agent", name, *whose).code == 0

    with ModelStandIn({"MAIN": [LOOK[name]]}) as model:
        ran = RUNS[name](repo.path, home, model, "MAIN do it")
        told = "\n".join(model.told("MAIN"))

    assert "round per line" in told
    assert f"you are {name}:" in told
    assert "git-muse-coord: hook" not in ran.stderr


@pytest.mark.parametrize("name", RUNS)
def test_a_colleague_without_our_program_hears_nothing(
    repo: Repo, tmp_path: Path, name: str
) -> None:
    repo.muse("install", "--agent", name)
    home = tmp_path / "home"
    home.mkdir()
    path = f"{BINARIES}:/usr/bin:/bin"

    with ModelStandIn({"MAIN": [LOOK[name]]}) as model:
        ran = RUNS[name](repo.path, home, model, "MAIN do it", PATH=path)
        told = "\n".join(model.told("MAIN"))

    assert "A small shop" in told
    for said in ("hook error", "not a git command", "exit code", "hook failed"):
        assert said not in (told + ran.stdout + ran.stderr).lower()


@pytest.mark.parametrize("folder", [TOP, TOP / "plugins" / "claude"])
def test_the_plugin_is_valid(tmp_path: Path, folder: Path) -> None:
    ran = subprocess.run(
        [str(BINARIES / "claude"), "plugin", "validate", str(folder)],
        env={**environment(tmp_path), "DISABLE_AUTOUPDATER": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Validation passed" in ran.stdout


def test_the_plugin_works_instead_of_hooks(repo: Repo, tmp_path: Path) -> None:
    repo.reserve("src/billing.py", "--run-id", "ann", "--reason", "round per line")

    with ModelStandIn({"MAIN": [LOOK["claude"]]}) as model:
        run_claude(
            *(repo.path, tmp_path / "home", model, "MAIN do it"),
            *("--plugin-dir", str(TOP / "plugins" / "claude")),
        )

    # The conversation grows from request to request; the last one holds all of it.
    assert json.dumps(model.heard[-1]).count("round per line") == 1
