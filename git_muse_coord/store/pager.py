"""Git's pager: which one it is, asked of git itself, and a long text in it.

No process is started outside of the store.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

from git_muse_coord.signals import signals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DEFAULTS = {"LESS": "FRX", "LV": "-c"}
"""What git sets for its pager where nobody has said otherwise."""

_SHELL_READS = "|&;<>()$`\\\"' \t\n*?[#~=%"
_NO = ("false", "no", "off", "0", "")
_YES = ("true", "yes", "on", "1")


def pager(path: str, environment: Mapping[str, str]) -> str | None:
    """The command of the pager at a path, None where nothing is to be paged.

    Git's own order: GIT_PAGER, core.pager, PAGER, and what it was built with; pager.muse-coord says
    whether, or which.
    """
    # Then git has begun one, and we are behind it.
    if environment.get("GIT_PAGER_IN_USE"):
        return None
    wanted = _told(path, "config", "pager.muse-coord")
    if wanted is not None and wanted.lower() in _NO:
        return None
    if wanted is None or wanted.lower() in _YES or environment.get("GIT_PAGER"):
        wanted = _told(path, "var", "GIT_PAGER")
    if wanted in (None, "", "cat"):
        return None
    # What is not there would take the text with it.
    is_one_word = not any(sign in wanted for sign in _SHELL_READS)
    if is_one_word and shutil.which(wanted) is None:
        return None
    return wanted


def _told(path: str, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", path, *arguments],
            capture_output=True,
            check=False,
        )
    except OSError:
        return None
    if done.returncode:
        return None
    return os.fsdecode(done.stdout).rstrip("\n")


def show_in_pager(
    command: str,
    pieces: Iterable[str],
    environment: Mapping[str, str],
) -> None:
    """Show a text in a pager, and wait until its reader has had enough of it, wherever that is."""
    inside = {
        **_DEFAULTS,
        **environment,
        "GIT_PAGER_IN_USE": "true",
    }
    process = subprocess.Popen(  # noqa: S602 - as git takes it
        command,
        shell=True,
        stdin=subprocess.PIPE,
        env=inside,
    )
    assert process.stdin is not None  # noqa: S101 - a pipe was asked for
    try:
        for piece in pieces:
            process.stdin.write(piece.encode("utf-8", "backslashreplace"))
    except BrokenPipeError:
        # Who leaves the pager has seen enough; what was done stays done.
        pass
    finally:
        # However this ends, a pager that waits for more would wait for ever.
        with suppress(OSError):
            process.stdin.close()
        _wait(process)


def _wait(process: subprocess.Popen[bytes]) -> None:
    """Wait for the pager, to which the keys of its reader belong; it would be left with half a terminal."""
    before = signals.signal(signals.SIGINT, signals.SIG_IGN)
    try:
        process.wait()
    finally:
        signals.signal(signals.SIGINT, before)
