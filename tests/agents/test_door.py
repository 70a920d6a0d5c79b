"""The hooks of agents' programs as processes: whatever happens, the program goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from git_muse_coord.integrations.agents.door import program_named
from tests.tools import Ran, Repo, program


def _start(repo: Repo, **fields: Any) -> bytes:
    told = {"session_id": "s1", "cwd": str(repo.path), "hook_event_name": "SessionStart"}
    return json.dumps({**told, "source": "startup", **fields}).encode()


def _context(ran: Ran) -> str:
    assert (ran.code, ran.err) == (0, "")
    text: str = ran.json["hookSpecificOutput"]["additionalContext"]
    return text


def test_a_session_is_briefed_wherever_the_hook_runs(repo: Repo, tmp_path: Path) -> None:
    assert "you are claude:s1" in _context(
        program("hook", "claude", cwd=tmp_path, given=_start(repo))
    )
    sub = repo.path / "src"
    told = _start(repo, cwd=str(sub))
    assert "you are claude:s1" in _context(program("hook", "claude", cwd=sub, given=told))


def test_a_person_who_names_the_agent_is_heard(repo: Repo) -> None:
    ran = program("hook", "claude", cwd=repo.path, given=_start(repo), MUSE_RUN_ID="ann")
    assert "you are ann" in _context(ran)


def test_options_of_later_versions_are_passed_over(repo: Repo) -> None:
    ran = program("hook", "claude", "--colour=no", "-x", cwd=repo.path, given=_start(repo))
    assert "you are claude:s1" in _context(ran)


def test_behind_an_option_of_the_program_the_hook_answers_as_well(repo: Repo) -> None:
    ran = program("-C", str(repo.path), "hook", "claude", cwd=repo.path, given=_start(repo))
    assert "you are claude:s1" in _context(ran)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"  \n",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b'{"session_id": 7, "hook_event_name": ["SessionStart"]}',
        b'{"hook_event_name": "Unheard", "session_id": "s", "cwd": "."}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_event_gets_no_answer(repo: Repo, payload: bytes) -> None:
    ran = program("hook", "claude", cwd=repo.path, given=payload)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.count("\n") <= 1


def test_where_there_is_no_repository_nothing_is_said(repo: Repo, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for cwd in (elsewhere, tmp_path / "gone", repo.path / "README.md"):
        ran = program("hook", "claude", cwd=elsewhere, given=_start(repo, cwd=str(cwd)))
        assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_a_setting_that_is_wrong_is_one_line_and_stops_nobody(repo: Repo) -> None:
    repo.git("config", "muse-coord.pausedUntil", "when the\ncows come home")
    ran = program("hook", "claude", cwd=repo.path, given=_start(repo))
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.count("\n") == 1
    assert ran.err.startswith("git-muse-coord: hook claude: ")


def test_hooks_can_be_silenced_for_a_shell_and_for_a_clone(repo: Repo) -> None:
    silent = Ran(0, "", "")
    assert program("hook", "claude", cwd=repo.path, given=_start(repo), MUSE_COORD="off") == silent
    repo.muse("pause")
    assert program("hook", "claude", cwd=repo.path, given=_start(repo)) == silent


def test_the_door_of_agents_loads_neither_click_nor_libgit2(repo: Repo) -> None:
    code = """
import sys
from git_muse_coord.integrations.agents.door import answer_on_stdin
assert answer_on_stdin("claude", {})
print([name for name in ("click", "pygit2") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=repo.path,
        input=_start(repo),
        capture_output=True,
        check=True,
    )
    assert done.stdout == b"[]\n"


def test_the_words_of_a_command_line_tell_whose_hook_is_called() -> None:
    assert program_named(["hook", "claude"]) == "claude"
    assert program_named(["hook", "--new", "codex", "-v"]) == "codex"
    for line in (["hook"], ["hook", "pre-push", "claude"], ["list", "claude"], ["hook", "other"]):
        assert program_named(line) is None
