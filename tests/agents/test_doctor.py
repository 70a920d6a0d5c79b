"""The doctor proves that agents' programs reach us, and leaves nothing behind by that."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from git_muse_coord.integrations.guard import PROBE_VARIABLE
from git_muse_coord.store.hooks.places import PROBE
from tests.tools import Repo

NAMES = ["claude", "codex", "gemini", "copilot", "cursor", "opencode"]


def findings(repo: Repo) -> dict[str, dict[str, Any]]:
    ran = repo.muse("doctor", "--json")
    return {each["name"]: each for each in ran.json["findings"]}


def agents(repo: Repo) -> dict[str, str]:
    return {
        name.removeprefix("agent "): each["state"]
        for name, each in findings(repo).items()
        if name.startswith("agent ")
    }


def test_an_edit_reaches_us_through_each(repo: Repo) -> None:
    repo.muse("install", "--agent", "all")

    assert agents(repo) == dict.fromkeys(NAMES, "ok")


def test_it_says_what_only_a_person_can_do(repo: Repo) -> None:
    repo.muse("install", "--agent", "all")

    found = findings(repo)

    assert "/hooks" in found["agent codex"]["detail"]
    assert "third-party hooks" in found["agent cursor"]["detail"]


def test_nothing_is_left_behind(repo: Repo) -> None:
    repo.muse("install", "--agent", "all")
    before = repo.git("status", "--porcelain", "-uall")

    findings(repo)

    assert repo.refs() == {}
    assert repo.git("status", "--porcelain", "-uall") == before


def test_those_of_a_user_are_played_too(repo: Repo) -> None:
    repo.muse("install", "--agent", "gemini", "--user")

    assert agents(repo) == {"gemini": "ok"}


def test_where_none_is_installed_it_says_how(repo: Repo) -> None:
    found = findings(repo)

    assert found["agents"]["state"] == "ok"
    assert "install --agent" in found["agents"]["detail"]


def test_a_line_that_leads_nowhere_is_broken(repo: Repo) -> None:
    repo.muse("install", "--agent", "claude")
    path = repo.path / ".claude/settings.json"
    path.write_text(
        path.read_text().replace("git-muse-coord hook claude", "gti-muse-coord hook claude")
    )

    assert repo.muse("doctor").code == 1
    assert agents(repo) == {"claude": "fail"}


def test_a_program_that_a_bare_environment_does_not_find_is_broken(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.muse("install", "--agent", "claude")
    git = Path(repo.git("--exec-path"))
    monkeypatch.setenv("PATH", os.pathsep.join([str(git), "/usr/bin", "/bin"]))

    assert agents(repo) == {"claude": "fail"}


def test_entries_of_another_version_are_told(repo: Repo) -> None:
    repo.muse("install", "--agent", "claude")
    path = repo.path / ".claude/settings.json"
    path.write_text(path.read_text().replace('"timeout": 10', '"timeout": 5'))

    found = findings(repo)["agent claude"]
    assert found["state"] == "warn"
    assert found["remedy"] == "git muse-coord install --agent claude"


def test_entries_before_no_edit_are_told(repo: Repo) -> None:
    repo.write(
        ".claude/settings.json",
        '{"hooks": {"Stop": [{"hooks": [{"command": "git-muse-coord hook claude"}]}]}}',
    )

    assert agents(repo) == {"claude": "warn"}


def test_words_instead_of_a_line_are_run_as_well(repo: Repo) -> None:
    repo.write(
        ".claude/settings.json",
        '{"hooks": {"PreToolUse": [{"hooks": [{"type": "command", "command": "git",'
        ' "args": ["muse-coord", "hook", "claude"]}]}]}}',
    )

    assert "another version" in findings(repo)["agent claude"]["detail"]


def test_a_pause_and_a_silent_shell_do_not_spoil_the_proof(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.muse("install", "--agent", "claude")
    repo.muse("pause")
    monkeypatch.setenv("MUSE_COORD", "off")

    assert agents(repo) == {"claude": "ok"}
    assert findings(repo)["hook mode"]["state"] == "warn"


def test_a_file_that_cannot_be_read_is_passed_over(repo: Repo) -> None:
    repo.write(".gemini/settings.json", "// git muse-coord hook gemini\n{}")

    assert agents(repo) == {}


def test_git_and_programs_are_probed_by_one_variable() -> None:
    assert PROBE_VARIABLE == PROBE


def test_the_line_of_the_plugin_is_played_too(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write(".claude/settings.json", '{"enabledPlugins": {"muse-coord@muse-coord": true}}')

    assert agents(repo) == {"claude": "ok"}
    monkeypatch.setenv("PATH", os.pathsep.join([repo.git("--exec-path"), "/usr/bin", "/bin"]))
    assert agents(repo) == {"claude": "fail"}


def test_worktrees_without_hooks_are_named(repo: Repo) -> None:
    repo.git("worktree", "add", "-q", "-b", "second", "../second")
    second = Repo(repo.path.parent / "second")

    told = repo.json("install", "--agent", "claude")["advice"]
    assert any(str(second.path) in line for line in told)
    assert repo.muse("doctor").out.count(str(second.path)) == 1

    second.muse("install", "--agent", "claude")
    assert str(second.path) not in repo.muse("doctor").out
    (second.path / ".claude/settings.json").unlink()
    repo.muse("install", "--agent", "claude", "--user")
    assert str(second.path) not in repo.muse("doctor").out
