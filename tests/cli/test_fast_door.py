"""What plain lines load, because that is most of what they cost."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from git_muse_coord import boundary
from tests.tools import Repo

HEAVY = ("click", "pygit2")
SCRIPT = f"""
import sys
from git_muse_coord.boundary import run
code = run(sys.argv[1:])
print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)
raise SystemExit(code)
"""


@pytest.mark.parametrize(
    "line",
    [
        "reserve b.py --run-id ann",
        "release --all --run-id ann",
        "heartbeat --all --run-id ann",
        "list --json",
        "status",
        "whoami",
        "check",
        "dag -q",
        "--json fsck -v",
        "hook pre-commit",
        "hook post-commit",
    ],
)
def test_a_plain_line_loads_no_click(repo: Repo, line: str) -> None:
    repo.reserve("a.py", "--run-id", "ann")
    environment = {**os.environ}
    # The whole suite may run with click for each line.
    environment.pop(boundary.SLOW_WAY, None)
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, *line.split()],
        cwd=repo.path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr.splitlines()[-1]) == (0, "[]")
