"""The entry of our MCP server in the settings of agents' programs: put in, and taken out to the byte."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from git_muse_coord.store.agents.mcp_entries import MCP_PROGRAMS
from tests.tools import Repo

SETTINGS = {program.place.name: program.place.path for program in MCP_PROGRAMS}
ENTRY = {"command": "git-muse-coord", "args": ["mcp"]}


def entry_of(path: Path) -> object:
    if path.suffix == ".toml":
        return tomllib.loads(path.read_text())["mcp_servers"]["muse-coord"]
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
