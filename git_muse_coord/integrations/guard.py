"""A hook must never stand in the way: whatever goes wrong in ours, or takes too long, ends with one line and code 0.

The work is done in a process of its own, because no handler inside could stop a parser or a
database that hangs in native code, nor survive its crash (``apart.py``; on Windows, which cannot
fork, ``timed.py`` does what can be done in this one). What is known before the end is handed out as
a draft, so that it is not lost.

Such a process costs 4 ms, because what it touches must be copied. So where our own script calls,
which takes any end of ours for one line and code 0, the work begins without (``watched``), and goes
on in one when there is more to do than to see that nobody holds anything near.
"""

from __future__ import annotations

import os

from git_muse_coord.model.errors import HookStopped
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.signals import signals

if TYPE_CHECKING:
    from collections.abc import Callable

    Work = Callable[[Callable[["AnswerSoFar"], None]], int]
    """Prints for itself and returns an exit code; meanwhile it may hand out drafts, each instead of the one before."""

VARIABLE = "MUSE_HOOK_SECONDS"
SECONDS = 2.0
"""How much of a processor's time a hook may take, and the variable that says so where 2 seconds are not right."""

WAITING = 5
"""How many times as long it may take in all: on a busy machine a hook waits more than it works."""

_MOST = 86_400.0
_LEAST = 0.001
"""Seconds: 0 would mean no limit to the timer that ends the work."""
_PASSED_ON = (0, HookStopped.exit_code, 130)
"""What a hook may say: go on, stopped by a conflict, interrupted."""


class AnswerSoFar(NamedTuple):
    """What a hook would print, and the code with which it would end, if it had to end now."""

    code: int
    out: str
    err: str


PROBE_VARIABLE = "MUSE_COORD_PROBE"
"""Names a file into which a hook writes what it was told, and does nothing else: so ``doctor`` proves that it works."""


def limit(text: str | None) -> float:
    """The seconds of processor time that the variable gives; what is no such number is passed over."""
    try:
        seconds = float(text or "")
    except ValueError:
        return SECONDS
    if not 0 <= seconds < float("inf"):
        return SECONDS
    return min(max(seconds, _LEAST), _MOST)


def watched(
    work: Callable[[], int],
    seconds: float,
    waiting: float = WAITING,
) -> int:
    """Do the work in this process, which is ended without a word where that takes too long; the exit code of a hook."""
    import faulthandler

    signals.signal(signals.SIGPROF, signals.SIG_DFL)
    signals.setitimer(signals.ITIMER_PROF, seconds)
    # A thread that waits for nothing of ours: it also ends us where we wait in native code.
    nowhere = open(os.devnull, "w")  # noqa: SIM115 - for as long as we live
    faulthandler.dump_traceback_later(seconds * waiting, exit=True, file=nowhere)
    return exit_code_of_hook(work())


def end_watch() -> None:
    """Have nobody end this process any more."""
    import faulthandler

    faulthandler.cancel_dump_traceback_later()
    signals.setitimer(signals.ITIMER_PROF, 0)


def exit_code_of_hook(code: int) -> int:
    """The exit code of a hook, for that of the work."""
    return code if code in _PASSED_ON else 0  # what went wrong, the work itself has said
