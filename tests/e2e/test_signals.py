"""What a caller hands down to us: signals that it ignores."""

from __future__ import annotations

import signal
import subprocess
import sys

from tests.tools import Repo


def test_a_git_that_fails_is_seen_where_the_caller_ignores_the_end_of_children(repo: Repo) -> None:
    """Else nothing is stored, and success is told."""
    hook = repo.git_dir / "hooks/reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\n[ "$1" != prepared ] || exit 1\n')
    hook.chmod(0o755)
    ran = subprocess.run(
        [sys.executable, "-m", "git_muse_coord", "reserve", "src/billing.py", "--run-id", "a"],
        cwd=repo.path,
        capture_output=True,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN),
    )
    assert (ran.returncode, ran.stdout) == (3, "")
    assert repo.refs() == {}
