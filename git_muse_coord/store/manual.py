"""Where man looks, asked of man itself: no process is started outside of the store."""

from __future__ import annotations

import os
import subprocess


def found_by_man() -> str | None:
    """Where man finds our page, if it does."""
    try:
        done = subprocess.run(["man", "-w", "git-muse-coord"], capture_output=True, check=False)
    except OSError:
        return None
    if done.returncode:
        return None
    return os.fsdecode(done.stdout).strip()
