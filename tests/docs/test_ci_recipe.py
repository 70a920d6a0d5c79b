"""The recipe for a job in CI that changes something, as it stands in the page."""

from __future__ import annotations

import re
from pathlib import Path

from tests.docs.places import TOP, run
from tests.tools import Repo, git_in

PAGE = (TOP / "docs/reference/sync.md").read_text(encoding="utf-8")


def test_a_job_in_a_busy_repository_reserves_what_it_changed(repo: Repo, tmp_path: Path) -> None:
    (section,) = re.findall(r"^## A clone in CI\n(.*?)^## ", PAGE, re.MULTILINE | re.DOTALL)
    recipe = re.search(r"(?:^    .*\n)+", section, re.MULTILINE)
    assert recipe is not None
    repo.write("scripts/regenerate", "#!/bin/sh\necho 'def made(): return 2' >src/made.py\n")
    (repo.path / "scripts/regenerate").chmod(0o755)
    repo.write("src/made.py", "def made(): return 1\n")
    repo.commit("A generator")
    git_in(tmp_path, "clone", "-q", "--bare", str(repo.path), "hub")
    repo.git("remote", "add", "origin", str(tmp_path / "hub"))
    repo.git("push", "-q", "-u", "origin", "main")
    # others are at work beside it
    repo.reserve("src/billing.py", "--run-id", "ann")
    repo.json("sync")
    git_in(tmp_path, "clone", "-q", "hub", "job")
    git_in(tmp_path / "job", "config", "user.name", "ci")
    git_in(tmp_path / "job", "config", "user.email", "ci@example.invalid")

    script = "set -eu\nCI_JOB_ID=7\n" + recipe[0]
    done = run("bash", "-c", script, cwd=tmp_path / "job")

    assert done.returncode == 0, done.stdout + done.stderr
    assert git_in(tmp_path / "hub", "log", "-1", "--format=%s", "main") == "Generate files"
    repo.json("sync")
    held = {one["run_id"]: one["state"] for one in repo.json("list", "--all")["reservations"]}
    assert held == {"ann": "active", "ci-7": "released"}
