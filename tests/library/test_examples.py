"""The worked example: an orchestrator of shell agents."""

from __future__ import annotations

import subprocess
import sys

from tests.docs.places import TOP
from tests.tools import Repo

ORCHESTRATOR = TOP / "docs" / "examples" / "orchestrator.py"
COMMAND = 'for file in $FILES; do echo "# seen by $MUSE_RUN_ID" >> "$file"; done'


def test_an_orchestrator_divides_waits_and_merges(repo: Repo) -> None:
    for number in range(4):
        repo.write(f"src/part{number}.py", f"def f{number}():\n    return {number}\n")
    repo.commit("Four parts")
    held = repo.reserve("src/part0.py", "--run-id", "ann")

    said: list[str] = []
    with subprocess.Popen(
        [sys.executable, str(ORCHESTRATOR), "3", COMMAND],
        cwd=repo.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        # somebody else is in the way of one of them, until he lets go
        for line in process.stdout:
            said.append(line)
            if ": waiting" in line:
                repo.json("release", held, "--run-id", "ann")
    assert process.returncode == 0, said

    for number in range(4):
        assert "# seen by agent-" in repo.git("show", f"HEAD:src/part{number}.py")
    assert said[-1] == "to be merged by hand: nothing\n"
    assert repo.held() == []
    assert "agent" not in repo.git("worktree", "list")


def test_what_cannot_be_merged_stays_reserved(repo: Repo) -> None:
    # each changes the first line of the same file, whichever are its own
    command = 'sed -i "1s/.*/# $MUSE_RUN_ID/" README.md'

    done = subprocess.run(
        [sys.executable, str(ORCHESTRATOR), "2", command],
        cwd=repo.path,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1, done.stderr
    left = done.stdout.splitlines()[-1].removeprefix("to be merged by hand: ")
    assert left.startswith("work/agent-")
    assert [row["run_id"] for row in repo.json("list")["reservations"]] == [
        left.removeprefix("work/")
    ]
    assert repo.git("status", "--porcelain") == ""
