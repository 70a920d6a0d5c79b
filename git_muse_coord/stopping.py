"""Stopping a program together with what it started: each system does that in another way."""

from __future__ import annotations

import sys

_SECONDS = 5
"""On Windows another program does it, which must not hang either."""


def stop_with_children(pid: int) -> None:
    """Stop a program that has a session or group of its own, at once. Raises nothing, also where it has ended.

    What it started would go on, and keep our ends of its pipes open.
    """
    if sys.platform == "win32":
        import subprocess

        words = ["taskkill", "/F", "/T", "/PID", str(pid)]
        try:
            subprocess.run(words, capture_output=True, timeout=_SECONDS, check=False)
        except (OSError, subprocess.SubprocessError):
            return
    else:
        import os

        from git_muse_coord.signals import signals

        try:
            os.killpg(pid, signals.SIGKILL)
        except ProcessLookupError:
            return
