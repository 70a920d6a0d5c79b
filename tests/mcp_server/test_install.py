"""The entry of our MCP server in the settings of agents' programs: put in, and taken out to the byte."""

from __future__ import annotations

import json
import os
import shutil
import tomllib
from pathlib import Path

import pytest

from git_muse_coord.store.agents.mcp_entries import MCP_PROGRAMS
from tests.tools import Repo

SETTINGS = {program.place.name: program.place.path for program in MCP_PROGRAMS}
ENTRY = {"command": "git-muse-coord", "args": ["mcp"]}


def entry_of(path: Path) -> object:
    if path.suffix == ".toml":
        entry = tomllib.loads(path.read_text())["mcp_servers"]["muse-coord"]
        # a person names the agent by these
        assert entry.pop("env_vars") == ["MUSE_RUN_ID", "MUSE_COORD"]
        return entry
    return json.loads(path.read_text())["mcpServers"]["muse-coord"]


@pytest.mark.parametrize("name", SETTINGS)
def test_without_settings_they_are_made_and_removed(repo: Repo, name: str) -> None:
    path = repo.path / SETTINGS[name]

    repo.muse("install", "--mcp", name)
    assert entry_of(path) == ENTRY
    again = repo.json("install", "--mcp", name)
    assert [change["action"] for change in again["agents"]] == ["present"]
    repo.muse("uninstall")

    assert not path.exists()
    assert path.parent == repo.path or not path.parent.exists()


JSONS = [
    "{}",
    '{"a": 1}',
    '{"a": 1}\n',
    '{\n\t"a": {"mcpServers": 1}\n}\n',
    '{"mcpServers": {}}',
    '{\r\n  "mcpServers": {\r\n    "other": {"command": "x"}\r\n  },\r\n  "b": []\r\n}\r\n',
]
TOMLS = [
    "",
    "a = 1",
    "a = 1\n",
    "a = 1\r\n[b]\r\nc = 2\r\n",
    '[mcp_servers.other]\ncommand = "x"\n\n',
]


@pytest.mark.parametrize(
    ("name", "text"),
    [("claude", text) for text in JSONS] + [("codex", text) for text in TOMLS],
)
def test_what_is_there_comes_back_to_the_byte(repo: Repo, name: str, text: str) -> None:
    path = repo.path / SETTINGS[name]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())

    repo.muse("install", "--mcp", name)
    assert entry_of(path) == ENTRY
    repo.muse("uninstall", "--mcp", name)

    assert path.read_bytes() == text.encode()


def test_hooks_and_server_of_one_program_share_a_file(repo: Repo) -> None:
    path = repo.path / SETTINGS["gemini"]
    repo.muse("install", "--mcp", "gemini", "--agent", "gemini")

    repo.muse("uninstall", "--mcp", "gemini")
    left = json.loads(path.read_text())
    assert "hooks" in left
    assert "mcpServers" not in left
    repo.muse("uninstall")

    assert not path.exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("claude", '{"a": 1 // no\n}'),
        ("claude", "[]"),
        ("claude", '{"mcpServers": []}'),
        ("codex", "a ="),
        ("codex", "[mcp_servers.muse-coord]\ncommand = 'mine'\n"),
    ],
)
def test_odd_settings_are_left_alone(repo: Repo, name: str, text: str) -> None:
    path = repo.path / SETTINGS[name]
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)

    ran = repo.muse("install", "--mcp", name)

    assert ran.code == 1
    assert "left as it is" in ran.err
    assert path.read_text() == text


def test_for_a_user_it_goes_into_their_own_settings(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home of ü"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))

    repo.muse("install", "--mcp", "all", "--user")
    made = {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}
    assert made >= {
        ".claude.json",
        ".codex/config.toml",
        ".gemini/settings.json",
        ".cursor/mcp.json",
    }
    repo.muse("uninstall", "--user")

    assert not [
        path for path in home.rglob("*") if path.name in {".claude.json", "config.toml", "mcp.json"}
    ]
    assert home.is_dir()


def handlers_of(path: Path) -> dict[str, set[str]]:
    """The kinds of handlers that the hooks of a file have, by their event."""
    kinds: dict[str, set[str]] = {}
    for event, groups in json.loads(path.read_text())["hooks"].items():
        for group in groups:
            kinds.setdefault(event, set()).update(each["type"] for each in group["hooks"])
    return kinds


BOTH = {"mcp_tool", "command"}
CALLING = {
    "PreToolUse": BOTH,
    "PostToolUse": BOTH,
    "PostToolUseFailure": BOTH,
    "SessionStart": {"command"},
    "SubagentStart": {"command"},
    "SubagentStop": {"command"},
    "SessionEnd": {"command"},
}
THEIRS = """{
\t"model": "größer", "hooks": {"PreToolUse": [
\t\t{"matcher": "Bash", "hooks": [{"type": "mcp_tool", "server": "lint", "tool": "hook"}]}
\t], "Stop": []}
}"""


@pytest.mark.parametrize("line", [("--mcp",), ("--mcp", "claude")])
def test_with_both_the_hooks_call_the_server(repo: Repo, line: tuple[str, ...]) -> None:
    settings = repo.path / ".claude/settings.json"
    repo.write(".claude/settings.json", THEIRS)

    shown = repo.muse("install", "--agent", "claude", *line, "--print").out
    assert '"type": "mcp_tool"' in shown
    assert settings.read_text() == THEIRS
    repo.muse("install", "--agent", "claude", *line)
    assert handlers_of(settings) == CALLING
    assert entry_of(repo.path / ".mcp.json") == ENTRY
    again = repo.json("install", "--agent", "claude", *line)
    assert {change["action"] for change in again["agents"]} == {"present"}
    repo.muse("uninstall")

    assert settings.read_text() == THEIRS
    assert not (repo.path / ".mcp.json").exists()


def test_hooks_of_codex_call_it_as_well(repo: Repo) -> None:
    ran = repo.muse("install", "--agent", "codex", "--mcp")
    assert "need Codex 0.149 or later" in ran.out
    kinds = handlers_of(repo.path / ".codex/hooks.json")
    assert kinds == {name: kind for name, kind in CALLING.items() if "Failure" not in name}
    assert entry_of(repo.path / SETTINGS["codex"]) == ENTRY
    found = agent_finding(repo, "codex")
    assert (found["state"], "/hooks" in found["detail"]) == ("ok", True)
    repo.muse("uninstall")

    assert not (repo.path / ".codex").exists()


def test_processes_and_calls_give_way_to_each_other(repo: Repo) -> None:
    settings = repo.path / ".claude/settings.json"
    repo.muse("install", "--agent", "claude")
    by_process = settings.read_text()

    repo.muse("install", "--agent", "claude", "--mcp")
    assert handlers_of(settings) == CALLING
    renewed = repo.json("install", "--agent", "claude")
    assert [change["action"] for change in renewed["agents"]] == ["renewed"]

    assert settings.read_text() == by_process


def test_programs_whose_hooks_can_call_nothing_keep_their_processes(repo: Repo) -> None:
    ran = repo.muse("install", "--agent", "gemini", "--agent", "claude", "--mcp")

    assert "Hooks of Gemini CLI do not call the server" in ran.out
    kinds = handlers_of(repo.path / SETTINGS["gemini"])
    assert set().union(*kinds.values()) == {"command"}
    assert entry_of(repo.path / SETTINGS["gemini"]) == ENTRY


@pytest.mark.parametrize("line", [("--mcp",), ("--agent", "copilot", "--mcp")])
def test_without_a_program_to_start_it_nothing_is_done(repo: Repo, line: tuple[str, ...]) -> None:
    ran = repo.muse("install", *line)

    assert ran.code == 1
    assert "--mcp claude, codex, gemini, cursor or all" in ran.err
    assert not (repo.path / ".github").exists()


def agent_finding(repo: Repo, name: str = "claude") -> dict[str, str]:
    findings = repo.muse("doctor", "--json").json["findings"]
    (finding,) = [each for each in findings if each["name"] == f"agent {name}"]
    return finding  # type: ignore[no-any-return]


def test_the_doctor_plays_an_edit_through_the_server(repo: Repo) -> None:
    repo.muse("install", "--agent", "claude", "--mcp")

    found = agent_finding(repo)
    assert (found["state"], "by the server" in found["detail"]) == ("ok", True)
    assert repo.refs() == {}

    repo.muse("uninstall", "--mcp", "claude")
    found = agent_finding(repo)
    assert (found["state"], "is not told" in found["detail"]) == ("warn", True)
    assert found["remedy"] == "git muse-coord install --agent claude --mcp"


def test_the_doctor_says_where_the_server_does_not_come_up(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.muse("install", "--agent", "claude", "--mcp")
    ours = shutil.which("git-muse-coord")
    folder = tmp_path / "bin"
    folder.mkdir()
    without = folder / "git-muse-coord"
    without.write_text(f'#!/bin/sh\n[ "$1" = mcp ] && exit 1\nexec "{ours}" "$@"\n')
    without.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    found = agent_finding(repo)

    assert (found["state"], "does not come up" in found["detail"]) == ("warn", True)


def test_for_a_user_hooks_call_it_as_well(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home of ü"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))

    repo.muse("install", "--agent", "claude", "--mcp", "--user")
    assert handlers_of(home / ".claude/settings.json") == CALLING
    assert entry_of(home / ".claude.json") == ENTRY
    assert agent_finding(repo)["state"] == "ok"
    repo.muse("uninstall", "--user")

    assert not (home / ".claude").exists()
    assert not (home / ".claude.json").exists()
