"""After a shell command: what it changed is reserved and told, after the fact."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from git_muse_coord.integrations.environment import claimed
from git_muse_coord.model.agents import Moment
from tests.agents.playing import SOURCE, Clock, Player, a_worktree, held
from tests.tools import Repo


def _sed(player: Player, path: str, expression: str = "s/return x$/return x + 0/") -> str:
    return player.shell(lambda: _run(player.path, "sed", "-i", expression, path))


def _run(path: Path, *words: str) -> None:
    subprocess.run(words, cwd=path, check=True, capture_output=True)


def test_what_sed_changes_is_reserved_and_others_are_told(
    repo: Repo, ann: Player, ben: Player
) -> None:
    ann.start()
    ben.start()
    assert _sed(ann, "src/a.py") == ""
    assert held(repo) == {"claude:ann": {"src/a.py::f"}}
    text = _sed(ben, "src/a.py")
    assert "src/a.py::f is held by claude:ann" in text
    assert held(repo)["claude:ben"] == {"src/a.py::f"}


def test_only_what_changed_since_the_last_event_counts(repo: Repo, ann: Player) -> None:
    ann.start()
    _sed(ann, "src/a.py")
    repo.json("release", "--all", "--run-id", "claude:ann")
    assert ann.shell() == ""
    assert held(repo) == {}
    _sed(ann, "src/a.py", "s/2 \\* x/x * 2/")
    assert held(repo) == {"claude:ann": {"src/a.py::h"}}


def test_what_an_edit_changed_is_not_taken_for_the_next_command_s(repo: Repo, ann: Player) -> None:
    ann.start()
    ann.edit("src/a.py", "return x\n", "return x + 0\n")
    repo.json("release", "--all", "--run-id", "claude:ann")
    ann.shell()
    assert held(repo) == {}


def test_a_new_file_is_held_and_ignored_files_and_nested_worktrees_are_not(
    repo: Repo, ann: Player
) -> None:
    nested = repo.path / ".claude" / "worktrees" / "w"
    repo.git("worktree", "add", "-q", "-b", "w", str(nested))
    ann.start()

    def make() -> None:
        for name in ("src/new é.py", "build/out.py", ".claude/worktrees/w/src/a.py"):
            place = repo.path / name
            place.parent.mkdir(exist_ok=True)
            place.write_text(SOURCE + "\n\nX = 1\n")

    ann.shell(make)
    assert held(repo) == {"claude:ann": {"src/new é.py"}}


@pytest.mark.parametrize("command", ["commit -qam x", "checkout -q other", "merge -q other"])
def test_what_git_changes_is_nobody_s(repo: Repo, ann: Player, command: str) -> None:
    repo.git("checkout", "-qb", "other")
    repo.write("src/b.py", SOURCE.replace("2 * x", "3 * x"))
    repo.commit("Other")
    repo.git("checkout", "-q", "main")
    repo.write("src/a.py", SOURCE.replace("2 * x", "4 * x") if "commit" in command else SOURCE)
    ann.start()
    ann.shell(lambda: repo.git(*command.split()))
    assert held(repo) == {}


def test_while_a_merge_is_under_way_nothing_is_reserved(repo: Repo, ann: Player) -> None:
    for branch, text in (("one", "3 * x"), ("two", "4 * x")):
        repo.git("checkout", "-qb", branch, "main")
        repo.write("src/b.py", SOURCE.replace("2 * x", text))
        repo.commit(branch)
    ann.start()
    ann.shell(lambda: repo.git("merge", "-q", "one", check=False))
    _sed(ann, "src/a.py")
    assert held(repo) == {}


def test_beside_another_run_in_the_same_worktree_nothing_is_reserved(
    repo: Repo, ann: Player, clock: Clock
) -> None:
    other = Player(repo.path, "other", clock)
    ann.start()
    clock.pass_by(seconds=1)
    other.shell()
    clock.pass_by(seconds=1)
    ann.shell()
    clock.pass_by(seconds=1)
    other.tell(Moment.BEFORE_SHELL)
    clock.pass_by(seconds=1)
    text = _sed(ann, "src/a.py")
    assert "claude:other works in this worktree, too" in text
    assert held(repo) == {}


def test_many_files_are_held_as_files_and_very_many_not_at_all(repo: Repo, ann: Player) -> None:
    for number in range(201):
        repo.write(f"many/m{number}.py", SOURCE)
    repo.commit("Many")
    ann.start()
    text = ann.shell(lambda: _run(repo.path, "sh", "-c", "sed -i s/2/3/ many/m1*.py"))
    assert text == ""
    places = held(repo)["claude:ann"]
    assert len(places) > 30
    assert not any("::" in place for place in places)
    text = ann.shell(lambda: _run(repo.path, "sh", "-c", "sed -i s/1/7/ many/*.py"))
    assert "the command changed 201 files" in text
    assert held(repo)["claude:ann"] == places


def test_a_verb_in_the_shell_of_a_sub_agent_is_the_sub_agent_s(repo: Repo, ann: Player) -> None:
    sub = ann.sub("one")
    ann.start()
    sub.start()
    environment = {"CLAUDE_CODE_SESSION_ID": "ann"}

    def who() -> str:
        from git_muse_coord.coordinator.session import Session

        session = Session(
            str(repo.path), clock=ann.clock, stays=False, claimed=lambda: claimed(environment)
        )
        return session.who_reads(None)

    said: list[str] = []
    sub.shell(lambda: said.append(who()))
    ann.shell(lambda: said.append(who()))
    sub.shell(lambda: ann.shell(lambda: said.append(who())))
    assert said == ["claude:ann/one", "claude:ann", "claude:ann"]
    assert who() == "claude:ann"


def test_in_a_worktree_other_than_that_of_the_session_an_edit_is_that_worktree_s(
    repo: Repo, ann: Player
) -> None:
    other = a_worktree(repo, "other")
    ann.edit(f"../{other.name}/src/a.py", "return x\n", "return x + 0\n")
    (reservation,) = repo.json("list")["reservations"]
    assert (reservation["branch"], reservation["addresses"]) == ("other", ["src/a.py::f"])
