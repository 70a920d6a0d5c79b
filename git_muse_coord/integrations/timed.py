"""The work of a hook in this process, with a limit of time: what can be done where no process can be forked.

A thread ends us when the time is over, with the last draft. A parser that holds on to the
interpreter keeps that thread waiting; then, a little later, faulthandler ends us without a word,
which our script takes for a line and code 0. A crash of native code is ours, too.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import threading

from git_muse_coord.integrations.guard import (
    SECONDS,
    WAITING,
    AnswerSoFar,
    exit_code_of_hook,
)
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from git_muse_coord.integrations.guard import Work

_GRACE = 2.0
"""Seconds in which the thread may come to speak."""


def guarded_here(
    work: Work,
    tell: Callable[[str], None],
    seconds: float = SECONDS,
    waiting: float = WAITING,
) -> int:
    """As ``apart.guarded_apart``, by the time on the clock alone."""
    seconds *= waiting
    drafts = [AnswerSoFar(0, "", "")]
    timer = threading.Timer(seconds, lambda: _end(drafts, tell, seconds))
    timer.daemon = True
    nowhere = open(os.devnull, "w")  # noqa: SIM115 - for as long as we live
    faulthandler.dump_traceback_later(seconds + _GRACE, exit=True, file=nowhere)
    timer.start()
    try:
        code = work(drafts.append)
    finally:
        timer.cancel()
        faulthandler.cancel_dump_traceback_later()
    return exit_code_of_hook(code)


def _end(
    drafts: list[AnswerSoFar],
    tell: Callable[[str], None],
    seconds: float,
) -> None:
    """End this process with what was known last."""
    try:
        tell(f"was stopped after {seconds:g} s, before it had looked at everything")
        last = drafts[-1]
        sys.stdout.write(last.out)
        sys.stderr.write(last.err)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(exit_code_of_hook(drafts[-1].code))
