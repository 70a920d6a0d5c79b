#!/usr/bin/env python3
"""An orchestrator of agents: it divides the work, starts them, lets them wait for each other, and merges what they did.

    python orchestrator.py 3 'claude -p "add type hints to $FILES"'

Each agent is a command of the shell in a worktree and on a branch of its own. It is told in FILES what is its own, and
in MUSE_RUN_ID who it is. Nobody else needs to take part in this script: whoever reserves the same files, in whatever
way, is waited for, and waits.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from git_muse_coord import Coordinator, MuseCoordError, Watch

PATIENCE_SECONDS = 600.0
"""So long an agent waits for others to let go of its files."""


class Agent:
    """One agent, with a zone of the tree that is its own."""

    def __init__(self, number: int, files: tuple[str, ...], home: Path) -> None:
        self.run_id = f"agent-{number}"
        self.branch = f"work/{self.run_id}"
        self.files = files
        self.place = home / self.run_id
        self.said = "has done nothing"

    def work(self, coordinator: Coordinator, command: str) -> bool:
        """Wait until nobody is in the way, do the work, and commit it; whether there is any to merge."""
        try:
            # before it touches anything: who waits in line gets it in the order of those who came
            coordinator.reserve(self.files, run_id=self.run_id, op="modify", wait=PATIENCE_SECONDS)
        except MuseCoordError as error:
            self.said = error.message
            return False
        git("worktree", "add", "-q", "-b", self.branch, str(self.place))
        files = " ".join(map(shlex.quote, self.files))
        environment = {**os.environ, "MUSE_RUN_ID": self.run_id, "FILES": files}
        code = subprocess.run(command, shell=True, cwd=self.place, env=environment).returncode
        git("commit", "-q", "-a", "-m", f"What {self.run_id} did", at=self.place, may_fail=True)
        has_work = git("rev-parse", self.branch) != git("rev-parse", "HEAD")
        self.said = f"ended with {code}, with{'' if has_work else 'out'} something to merge"
        return has_work and not code


def git(*arguments: str, at: Path = Path(), may_fail: bool = False) -> str:
    """What git prints."""
    done = subprocess.run(["git", *arguments], cwd=at, capture_output=True, text=True)
    if done.returncode and not may_fail:
        sys.exit(f"git {arguments[0]}: {done.stderr.strip()}")
    return done.stdout.strip()


def tell(watching: Watch) -> None:
    """Say what happens while the agents work."""
    for event in watching:
        if event.waiter is not None:
            print(f"{event.waiter.run_id}: {event.event}")
        elif event.reservation is not None:
            print(f"{event.reservation.run_id}: {event.event}")


def merge(coordinator: Coordinator, branches: list[str]) -> list[str]:
    """Merge branches in the order in which the fewest conflicts are met; those that were left out."""
    onto = git("branch", "--show-current")
    left_out: list[str] = []
    for step in coordinator.reconcile(onto=onto, branch=branches).steps:
        git("merge", "-q", "--no-edit", step.branch, may_fail=True)
        if git("ls-files", "--unmerged"):
            git("merge", "--abort")
            left_out.append(step.branch)
        for other in step.breaks_with:
            print(f"{step.branch}: git merged it, but look at callers that break with {other}")
    return left_out


def main(number: int, command: str) -> int:
    """Divide, work, merge, let go."""
    coordinator = Coordinator(".")
    watching = coordinator.watch()
    threading.Thread(target=tell, args=(watching,), daemon=True).start()
    with tempfile.TemporaryDirectory() as home, ThreadPoolExecutor(number) as pool:
        zones = coordinator.shard(agents=number).shards
        agents = [Agent(zone.shard, zone.files, Path(home)) for zone in zones if zone.files]
        have_work = list(pool.map(lambda agent: agent.work(coordinator, command), agents))
        branches = [
            agent.branch for agent, has_work in zip(agents, have_work, strict=True) if has_work
        ]
        left_out = merge(coordinator, branches) if branches else []
        for agent in agents:
            git("worktree", "remove", "--force", str(agent.place), may_fail=True)
            print(f"{agent.run_id}: {agent.said}")
            # what could not be merged stays reserved until somebody has seen to it
            if agent.branch not in left_out and coordinator.list(run_id=agent.run_id).reservations:
                coordinator.release(all=True, run_id=agent.run_id)
    watching.close()
    print("to be merged by hand:", *left_out or ["nothing"])
    return 1 if left_out else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2]))
