"""What becomes of reservations when sub-agents and sessions end, or die, and somebody goes on."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import timedelta

from git_muse_coord.coordinator.session import utc_now
from git_muse_coord.model.agents import Decision
from git_muse_coord.store.git.processes import birth
from tests.agents.playing import Clock, Player, a_place, a_worktree, held
from tests.tools import Repo


def test_what_a_session_did_not_change_is_released_when_it_ends(repo: Repo, ann: Player) -> None:
    ann.start()
    repo.reserve("src/b.py", "--run-id", "claude:ann")
    repo.reserve("src/c.py::g", "--run-id", "carl")
    ann.edit("src/a.py", "return x\n", "return x + 0\n")
    ann.end()
    assert held(repo) == {"claude:ann": {"src/a.py::f"}, "carl": {"src/c.py::g"}}


def test_what_was_committed_stays_held(repo: Repo, ann: Player) -> None:
    repo.git("checkout", "-qb", "topic")
    ann.start()
    ann.edit("src/a.py", "return x\n", "return x + 0\n")
    repo.commit("Work")
    ann.end()
    assert held(repo) == {"claude:ann": {"src/a.py::f"}}


def test_a_release_lasts_as_long_as_what_kept_its_subject_alive(
    repo: Repo, ann: Player, clock: Clock
) -> None:
    ann.start()
    repo.reserve("src/b.py", "--run-id", "claude:ann")
    clock.pass_by(minutes=25)
    ann.shell()
    (kept,) = repo.json("list")["reservations"]
    assert kept["effective_expires_at"] > kept["expires_at"]
    ann.end()
    (ref,) = repo.refs("refs/muse/releases/")
    assert json.loads(repo.git("cat-file", "-p", ref))["expires_at"] == kept["effective_expires_at"]


def test_a_sub_agent_s_work_stays_its_own_and_is_kept_alive_by_the_parent(
    repo: Repo, ann: Player, clock: Clock
) -> None:
    ann.start()
    sub = ann.sub("one")
    sub.start()
    sub.edit("src/a.py", "return x\n", "return x + 0\n")
    repo.reserve("src/b.py", "--run-id", sub.run_id)
    sub.end()
    assert held(repo) == {sub.run_id: {"src/a.py::f"}}
    for _ in range(4):
        clock.pass_by(minutes=25)
        ann.edit("src/c.py", "x", "xx")
    (kept,) = [r for r in repo.json("list")["reservations"] if r["run_id"] == sub.run_id]
    assert kept["seconds_left"] > 3600


def test_the_next_session_goes_on_where_one_was_cleared_or_resumed(
    repo: Repo, ann: Player, ben: Player, clock: Clock
) -> None:
    repo.git("config", "muse-coord.agentMode", "block")
    ann.start()
    ann.edit("src/a.py", "return x\n", "return x + 0\n")
    ann.end()
    clock.pass_by(minutes=50)
    after = Player(repo.path, "after", clock)
    after.start()
    answer = after.edit("src/a.py", "x + 0", "x + 00")
    assert answer.decision is Decision.INFORM
    assert "left it here" in answer.text
    # elsewhere it is a stranger's, and it lives on
    clock.pass_by(minutes=20)
    assert ben.edit("src/a.py", "return x\n", "return x - 0\n").decision is Decision.DENY
    ann.start()
    assert ann.edit("src/a.py", "x + 00", "x + 000").decision is Decision.INFORM


def test_a_session_whose_program_died_has_ended(repo: Repo, ann: Player, clock: Clock) -> None:
    repo.git("config", "muse-coord.agentMode", "block")
    program = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    ann.process = lambda: f"{program.pid} {birth(program.pid)}"
    ann.start()
    ann.edit("src/a.py", "return x\n", "return x + 0\n")
    clock.pass_by(seconds=1)
    after = Player(repo.path, "after", clock)
    after.start()
    assert after.edit("src/a.py", "x + 0", "x + 00").decision is Decision.DENY
    program.communicate(b"\n")
    clock.pass_by(seconds=1)
    assert after.edit("src/a.py", "x + 0", "x + 00").decision is Decision.INFORM


def test_what_a_killed_session_held_expires_by_the_real_clock(repo: Repo) -> None:
    a_place(repo, "agentMode=block", "ttl=5")
    now = Clock(utc_now())
    killed = Player(repo.path, "killed", now)
    killed.edit("src/a.py", "return x\n", "return x + 0\n")
    ends = now.now + timedelta(seconds=5)
    # It is gone without a word, and nobody goes on in its place.
    elsewhere = Player(a_worktree(repo, "elsewhere"), "other", now)
    now.pass_by(seconds=1)
    assert elsewhere.edit("src/a.py", "return x\n", "return x - 0\n").decision is Decision.DENY
    while utc_now() < ends:
        time.sleep(0.1)
    assert held(repo) == {}
    now.now = utc_now()
    assert elsewhere.edit("src/a.py", "return x\n", "return x - 0\n").decision is Decision.INFORM


def test_sub_agents_one_after_the_other_do_not_stop_each_other(
    repo: Repo, ann: Player, clock: Clock
) -> None:
    repo.git("config", "muse-coord.agentMode", "block")
    ann.start()
    for name in ("one", "two"):
        clock.pass_by(seconds=1)
        sub = ann.sub(name)
        sub.start()
        assert sub.edit("src/a.py", "return x", "return x + 0").decision is Decision.INFORM
        sub.end()
