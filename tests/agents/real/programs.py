"""Starts the real programs of agents, with a clean environment and a home of their own, on loopback alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.agents.model_stand_in import ModelStandIn

# Read before any test seals the environment.
FOLDER = Path(os.environ.get("MUSE_AGENTS") or Path(__file__).parents[3] / ".agents")
BINARIES = FOLDER.resolve() / "node_modules" / ".bin"
IS_INSTALLED = (FOLDER / "installed").exists()

needs_programs = pytest.mark.skipif(
    not IS_INSTALLED, reason="scripts/agents_setup installs the programs"
)

PATIENCE = 120
"""Seconds; a program starts in two or three."""


def run_claude(
    cwd: Path,
    home: Path,
    model: ModelStandIn,
    prompt: str,
    *options: str,
    **variables: str,
) -> subprocess.CompletedProcess[str]:
    """Claude Code, for one prompt."""
    return _run(
        "claude",
        "-p",
        prompt,
        "--permission-mode",
        "acceptEdits",
        "--allowedTools",
        "Bash Edit Write Read Agent NotebookEdit",
        "--output-format",
        "json",
        *options,
        cwd=cwd,
        home=home,
        variables={
            "ANTHROPIC_BASE_URL": model.address,
            "ANTHROPIC_API_KEY": "stand-in",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "DISABLE_AUTOUPDATER": "1",
            **variables,
        },
    )


def run_codex(
    cwd: Path,
    home: Path,
    model: ModelStandIn,
    prompt: str,
    *options: str,
    **variables: str,
) -> subprocess.CompletedProcess[str]:
    """Codex, for one prompt."""
    settings = home / ".codex"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "config.toml").write_text(f"""\
model = "gpt-5.5"
model_provider = "stand-in"

[model_providers.stand-in]
name = "stand-in"
base_url = "{model.address}/v1"
wire_api = "responses"
env_key = "STAND_IN_KEY"

[projects.{json.dumps(str(cwd), ensure_ascii=False)}]
trust_level = "trusted"

[features]
enable_request_compression = false
""")
    return _run(
        "codex",
        "exec",
        "--dangerously-bypass-hook-trust",
        "--dangerously-bypass-approvals-and-sandbox",
        *options,
        prompt,
        cwd=cwd,
        home=home,
        variables={"STAND_IN_KEY": "x", **variables},
    )


def run_gemini(
    cwd: Path,
    home: Path,
    model: ModelStandIn,
    prompt: str,
    *options: str,
    **variables: str,
) -> subprocess.CompletedProcess[str]:
    """Gemini CLI, for one prompt."""
    settings = home / ".gemini"
    settings.mkdir(parents=True, exist_ok=True)
    by_key = {"security": {"auth": {"selectedType": "gemini-api-key"}}}
    (settings / "settings.json").write_text(json.dumps(by_key))
    return _run(
        "gemini",
        "--yolo",
        "-m",
        "gemini-2.5-pro",
        "-p",
        prompt,
        *options,
        cwd=cwd,
        home=home,
        variables={
            "GEMINI_API_KEY": "stand-in",
            "GOOGLE_GEMINI_BASE_URL": model.address,
            "GEMINI_CLI_TRUST_WORKSPACE": "true",
            **variables,
        },
    )


def environment(home: Path) -> dict[str, str]:
    """What reaches a program: git, our program and a home, and nothing else of this machine."""
    paths = [str(BINARIES), str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]
    return {
        "PATH": os.pathsep.join(paths),
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
    }


def _run(
    name: str,
    *arguments: str,
    cwd: Path,
    home: Path,
    variables: Mapping[str, str],
) -> subprocess.CompletedProcess[str]:
    ran = subprocess.run(
        [str(BINARIES / name), *arguments],
        cwd=cwd,
        env={**environment(home), **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ran.returncode == 0, f"{name}: {ran.stdout}\n{ran.stderr}"
    return ran
