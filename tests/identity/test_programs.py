"""A verb that an agent's program starts, with real processes; git's hooks find the same identity."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from git_muse_coord.model.text_types import RunId
from tests.hooks.tools import run_git
from tests.tools import Repo

CLAUDE = "0d5e7a31-5c0f-4f0e-9b52-0f8f1c1a7d10"
CODEX = "0199a213-81c0-7800-8aa1-bbab2a035a53"

# Each program sets its variables and runs the rest of the command line, as agents do in their shells.
START = """
import os, subprocess, sys
variables, *rest = sys.argv[1:]
os.environ.update(pair.split("=") for pair in variables.split(","))
sys.exit(subprocess.run(["sh", "-c", '"$@"', "sh", *rest]).returncode)
"""
VARIABLES = {
    "claude": f"CLAUDECODE=1,CLAUDE_CODE_SESSION_ID={CLAUDE}",
    "codex": f"CODEX_THREAD_ID={CODEX},CODEX_SESSION_ID={CODEX}",
    "gemini": "GEMINI_CLI=1",
    "another": "ANOTHER=1",
}


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """Programs with the names of agents' programs, which are Python in truth."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in VARIABLES:
        (folder / name).symlink_to(os.path.realpath(sys.executable))
    # One that is a script of another program, as most of them are.
    (folder / "node").symlink_to(os.path.realpath(sys.executable))
    (folder / "gemini.js").write_text(START)
    return folder


def line(folder: Path, chain: Sequence[str]) -> list[str]:
    """The command line in which each program of a chain starts the next."""
    words: list[str] = []
    for name in chain:
        start = [f"{folder}/{name}", "-c", START]
        if name == "gemini":
            start = [f"{folder}/node", f"{folder}/gemini.js"]
        words += [*start, VARIABLES[name]]
    return words


def who(repo: Repo, words: Sequence[str], *options: str) -> tuple[str, str]:
    done = subprocess.run(
        [*words, "git", "muse-coord", "whoami", "--json", *options],
        cwd=repo.path,
        capture_output=True,
        check=True,
    )
    told = json.loads(done.stdout)
    return told["run_id"], told["source"]


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        (["claude"], (f"claude:{CLAUDE}", "CLAUDE_CODE_SESSION_ID")),
        (["codex"], (f"codex:{CODEX}", "CODEX_THREAD_ID")),
        (["claude", "codex"], (f"codex:{CODEX}", "CODEX_THREAD_ID")),
        (["codex", "claude"], (f"claude:{CLAUDE}", "CLAUDE_CODE_SESSION_ID")),
        (["codex", "claude", "another"], (f"claude:{CLAUDE}", "CLAUDE_CODE_SESSION_ID")),
        (["gemini", "claude"], (f"claude:{CLAUDE}", "CLAUDE_CODE_SESSION_ID")),
        (["claude", "codex", "claude"], (f"claude:{CLAUDE}", "CLAUDE_CODE_SESSION_ID")),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
def test_the_innermost_program_counts(
    repo: Repo, programs: Path, chain: list[str], expected: tuple[str, str]
) -> None:
    repo.git("config", "muse-coord.runId", "ann")

    assert who(repo, line(programs, chain)) == expected


def test_what_gemini_runs_is_not_taken_for_the_claude_that_started_it(
    repo: Repo, programs: Path
) -> None:
    run_id, source = who(repo, line(programs, ["claude", "gemini"]))

    assert source == "derived"
    assert CLAUDE not in run_id


def test_what_gemini_runs_is_of_the_session_whose_hook_saw_it_begin(
    repo: Repo, programs: Path, tmp_path: Path
) -> None:
    library = repo.coordinator()
    calls = library.agent_memory.calls
    repo.git("worktree", "add", "-q", str(tmp_path / "side"))
    one, other = RunId("gemini:one"), RunId("gemini:other")
    for run_id in (one, other):
        library.agent_memory.saw(run_id, library.repository.git_dir, library.now())
    words = line(programs, ["claude", "gemini"])
    calls.begin_shell(one, "", one, library.now())

    assert who(repo, words) == (one, "GEMINI_CLI")
    assert who(Repo(tmp_path / "side"), words)[1] == "derived"
    assert who(repo, line(programs, ["gemini", "codex"]))[0] == f"codex:{CODEX}"
    # From which of two it was called nobody can tell.
    calls.begin_shell(other, "", other, library.now())
    assert who(repo, words)[1] == "derived"
    calls.end_shell(one, "")
    assert who(repo, words) == (other, "GEMINI_CLI")


def test_what_a_person_says_goes_before_programs(
    repo: Repo, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = line(programs, ["claude", "codex"])
    monkeypatch.setenv("MUSE_RUN_ID", "ann")

    assert who(repo, words) == ("ann", "MUSE_RUN_ID")
    assert who(repo, words, "--run-id", "bob") == ("bob", "--run-id")


def test_a_long_or_odd_session_is_still_a_run_id(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", "a/b\x1b[31m" + "x" * 500)

    run_id = repo.json("reserve", "a.py")["run_id"]

    assert run_id.startswith("claude:a-b--31mxxx")
    assert "/" not in run_id


# the whole order, in one worktree


ORDER = ("--run-id", "MUSE_RUN_ID", "program", "worktree", "clone", "derived", "none")


@pytest.mark.parametrize("first", range(len(ORDER)), ids=ORDER.__getitem__)
def test_what_comes_first_in_the_order_counts(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    said = ORDER[first:]
    repo.git("config", "extensions.worktreeConfig", "true")
    if "clone" in said:
        repo.git("config", "muse-coord.runId", "clone")
    if "worktree" in said:
        repo.git("config", "--worktree", "muse-coord.runId", "worktree")
    if "program" in said:
        monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", "program")
    if "MUSE_RUN_ID" in said:
        monkeypatch.setenv("MUSE_RUN_ID", "MUSE_RUN_ID")
    if "derived" not in said:
        repo.git("config", "muse-coord.identity", "none")
    option = ["--run-id", "--run-id"] if "--run-id" in said else []

    run_id = repo.json("reserve", "a.py", *option)["run_id"]

    expected = {"program": "claude:program", "none": "unknown"}
    if said[0] == "derived":
        assert run_id.startswith("somebody:naïve-répo-")
    else:
        assert run_id == expected.get(said[0], said[0])
    assert repo.json("whoami", *option)["run_id"] == run_id
    assert repo.json("status", *option)["run_id"] == run_id
    assert repo.json("check", *option)["run_id"] == run_id


# git's hooks


def note(repo: Repo) -> dict[str, object]:
    """The last fact that was noted on the last commit."""
    text = repo.git("notes", "--ref=muse-coord", "show", "HEAD", check=False)
    fact: dict[str, object] = json.loads(text.splitlines()[-1]) if text else {}
    return fact


@pytest.fixture
def hooked(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A repository with our hooks, in which a stranger is stopped."""
    monkeypatch.setenv("MUSE_HOOK_SECONDS", "300")
    repo.git("config", "muse-coord.hookMode", "block")
    assert repo.muse("install", "--hooks").code == 0
    return repo


def change(repo: Repo) -> None:
    path = repo.path / "src/billing.py"
    path.write_text(path.read_text().replace("sum(items)", "sum(items) + 0"))


ADDRESS = "src/billing.py::compute_total"


@pytest.mark.parametrize("chain", [["claude"], ["claude", "codex"], []], ids=str)
def test_a_hook_finds_the_identity_that_the_verbs_have(
    hooked: Repo, programs: Path, chain: list[str]
) -> None:
    words = line(programs, chain)
    run = {"cwd": hooked.path, "capture_output": True, "check": True}
    subprocess.run([*words, "git", "muse-coord", "reserve", ADDRESS], **run)  # type: ignore[call-overload]
    change(hooked)
    subprocess.run([*words, "git", "commit", "-qam", "Change"], **run)  # type: ignore[call-overload]

    [held] = hooked.json("list")["reservations"]
    assert note(hooked)["run_id"] == held["run_id"] == who(hooked, words)[0]
    assert note(hooked)["reservations"] == [held["reservation_id"]]


def test_another_worktree_of_the_clone_is_stopped(hooked: Repo, tmp_path: Path) -> None:
    hooked.reserve(ADDRESS)
    hooked.git("worktree", "add", "-q", str(tmp_path / "side"))
    side = Repo(tmp_path / "side")
    change(side)

    assert run_git(side.path, "commit", "-qam", "Change").code != 0
    change(hooked)
    assert run_git(hooked.path, "commit", "-qam", "Change").code == 0


def test_commits_of_those_who_chose_no_name_are_noted_only_where_a_reservation_is_met(
    hooked: Repo,
) -> None:
    change(hooked)
    hooked.git("commit", "-qam", "Change")
    assert note(hooked) == {}
    assert not list((hooked.git_dir / "muse-coord").glob("identity-*"))

    hooked.git("config", "muse-coord.hookMode", "warn")
    hooked.reserve(ADDRESS, "--run-id", "bob")
    change(hooked)
    hooked.git("commit", "-qam", "Change again")
    # What is noted lasts, and so must the name in it.
    assert note(hooked)["run_id"] == hooked.json("whoami")["run_id"]


# kin


def test_kin_are_told_in_words_of_their_own_and_stop_nobody(hooked: Repo) -> None:
    hooked.reserve(ADDRESS, "--run-id", "claude:1234567890/sub")
    change(hooked)
    hooked.git("add", "-A")
    parent = hooked.json("check", "--run-id", "claude:1234567890")

    assert [conflict["kin"] for conflict in parent["conflict_details"]] == [True]
    assert "is reserved by kin, run-id 'claude:12345678/sub'" in parent["conflicts"][0]
    assert (
        hooked.json("check", "--run-id", "claude:12345678")["conflict_details"][0]["kin"] is False
    )
    sibling = run_git(hooked.path, "commit", "-qm", "x", MUSE_RUN_ID="claude:1234567890/other")
    assert sibling.code != 0
    done = run_git(hooked.path, "commit", "-qm", "x", MUSE_RUN_ID="claude:1234567890")
    assert done.code == 0
    assert "reserved by kin, run-id 'claude:12345678/sub'" in done.err
    assert "would stop" not in done.err


def test_strict_knows_no_kin(hooked: Repo) -> None:
    hooked.reserve(ADDRESS, "--run-id", "ann/helper")
    change(hooked)
    hooked.git("add", "-A")

    assert hooked.muse("check", "--strict", "--run-id", "ann").code == 2
    refused = hooked.json("reserve", ADDRESS, "--strict", "--run-id", "ann", code=2)
    assert [conflict["kin"] for conflict in refused["conflict_details"]] == [True]


def test_a_stranger_beside_kin_still_stops(hooked: Repo) -> None:
    hooked.reserve(ADDRESS, "--run-id", "ann/helper")
    hooked.reserve(ADDRESS, "--run-id", "bob")
    change(hooked)

    assert run_git(hooked.path, "commit", "-qam", "x", MUSE_RUN_ID="ann").code != 0


def test_what_a_session_left_that_ended_here_is_kin_to_who_comes_and_kept_alive(
    hooked: Repo, tmp_path: Path
) -> None:
    library = hooked.coordinator()
    old = "claude:11111111-old"
    one = hooked.reserve(ADDRESS, "--run-id", old, "--ttl", "600")
    library.agent_memory.saw(library.who_reads(old), library.repository.git_dir, library.now())
    change(hooked)
    new = {"MUSE_RUN_ID": "claude:22222222-new"}
    assert run_git(hooked.path, "commit", "-qam", "x", **new).code != 0

    library.agent_memory.end(library.who_reads(old), library.now())
    hooked.git("worktree", "add", "-q", str(tmp_path / "side"))
    side = Repo(tmp_path / "side")
    change(side)

    assert run_git(side.path, "commit", "-qam", "x", **new).code != 0
    assert run_git(hooked.path, "commit", "-qam", "x", **new).code == 0
    [held] = hooked.json("list")["reservations"]
    assert (held["reservation_id"], held["run_id"]) == (one, old)
    assert hooked.json("reserve", ADDRESS, "--run-id", "x")["conflict_details"][0]["kin"]


def test_who_says_nothing_may_commit_what_an_agent_in_the_same_worktree_is_at(
    hooked: Repo, tmp_path: Path
) -> None:
    library = hooked.coordinator()
    agent = library.who_reads("claude:11111111")
    hooked.reserve(ADDRESS, "--run-id", agent)
    library.agent_memory.saw(agent, library.repository.git_dir, library.now())
    hooked.git("worktree", "add", "-q", str(tmp_path / "side"))
    side = Repo(tmp_path / "side")
    for repo in (hooked, side):
        change(repo)

    assert run_git(side.path, "commit", "-qam", "x").code != 0
    assert run_git(hooked.path, "commit", "-qam", "x", MUSE_RUN_ID="ann").code != 0
    told = run_git(hooked.path, "commit", "-qam", "x")
    assert told.code == 0
    assert "reserved by kin, run-id 'claude:11111111'" in told.err


def test_an_agent_may_commit_what_who_says_nothing_holds_in_the_same_worktree(
    hooked: Repo, tmp_path: Path
) -> None:
    library = hooked.coordinator()
    agent = {"MUSE_RUN_ID": "claude:11111111"}
    hooked.reserve(ADDRESS)
    hooked.git("worktree", "add", "-q", str(tmp_path / "side"))
    side = Repo(tmp_path / "side")
    for repo in (hooked, side):
        change(repo)

    # not one that was never seen here
    assert run_git(hooked.path, "commit", "-qam", "x", **agent).code != 0
    library.agent_memory.saw(
        library.who_reads("claude:11111111"), library.repository.git_dir, library.now()
    )
    assert run_git(side.path, "commit", "-qam", "x", **agent).code != 0
    told = run_git(hooked.path, "commit", "-qam", "x", **agent)
    assert told.code == 0
    assert "reserved by kin" in told.err
