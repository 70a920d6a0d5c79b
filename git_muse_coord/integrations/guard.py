"""A hook must never stand in the way: whatever goes wrong in ours, or takes too long, ends with one line and code 0.

The work is done in a process of its own, because no handler inside could stop a parser or a database that hangs in
native code, nor survive its crash.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable

SECONDS = 2.0
VARIABLE = "MUSE_HOOK_SECONDS"
"""How long a hook may take, and the variable that says so where 2 seconds are not right."""

_PASSED_ON = (0, 2, 130)
"""What a hook may say: go on, stopped by a conflict, interrupted."""

_PAUSE = 0.002
_GRACE = 0.3


def limit(text: str | None) -> float:
    """The time limit that the variable gives; what is no number of seconds is passed over."""
    return float(text) if text is not None and text.isascii() and text.isdigit() else SECONDS


def guarded(work: Callable[[], int], tell: Callable[[str], None], seconds: float = SECONDS) -> int:
    """Do the work, which prints for itself, and return the exit code of a hook."""
    if not hasattr(os, "fork"):
        return _passed_on(work())
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        _work(work)
    try:
        status = _wait(child, seconds)
    except KeyboardInterrupt:
        _stop(child)
        return 130
    if status is None:
        _stop(child)
        tell(f"was stopped after {seconds:g} s, before it had looked at everything")
        return 0
    if os.WIFSIGNALED(status):
        tell(f"crashed with signal {os.WTERMSIG(status)}, before it had looked at everything")
        return 0
    return _passed_on(os.waitstatus_to_exitcode(status))


def _passed_on(code: int) -> int:
    return code if code in _PASSED_ON else 0  # what went wrong, the work itself has said


def _work(work: Callable[[], int]) -> None:
    code = 3
    try:
        os.setpgid(0, 0)  # so that git processes of ours end with us
        code = work()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _wait(child: int, seconds: float) -> int | None:
    """The status of a process, or None when it has not ended in time."""
    end = time.monotonic() + seconds
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        if time.monotonic() >= end:
            return None
        time.sleep(_PAUSE)


def _stop(child: int) -> None:
    """Stop a process and what it started; git takes its lock files away when it is asked, not when it is killed."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child, sign)
        if _wait(child, _GRACE) is not None:
            return
