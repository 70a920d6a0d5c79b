"""A hook must never stand in the way: whatever goes wrong in ours, or takes too long, ends with one line and code 0.

The work is done in a process of its own, because no handler inside could stop a parser or a
database that hangs in native code, nor survive its crash. What is known before the end is handed
out as a draft, so that it is not lost.

Such a process costs 4 ms, because what it touches must be copied. So where our own script calls,
which takes any end of ours for one line and code 0, the work begins without (``watched``), and goes
on in one when there is more to do than to see that nobody holds anything near (``go_apart``).
"""

from __future__ import annotations

import os
import select
import sys
import time

from git_muse_coord.model import light_json
from git_muse_coord.model.errors import HookStopped
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_tools import suppress
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

_PAUSE = 0.002
_GRACE = 0.3


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


def guarded(
    work: Work,
    tell: Callable[[str], None],
    seconds: float = SECONDS,
    waiting: float = WAITING,
) -> int:
    """Do the work and return the exit code of a hook; ``tell`` is given the line about what went wrong."""
    if not hasattr(os, "fork"):
        return _passed_on(work(lambda _: None))
    child, pipe = _fork()
    if child == 0:
        _work(work, seconds, pipe)
    return _outcome(child, pipe, tell, seconds, waiting)


def go_apart(
    tell: Callable[[str], None],
    seconds: float,
    waiting: float = WAITING,
) -> Callable[[AnswerSoFar], None]:
    """Go on in a process of its own, as if ``guarded``: this one waits for it, and ends. Returns what takes drafts."""
    child, pipe = _fork()
    if child == 0:
        _limit_work(seconds)
        return lambda draft: _hand_out(draft, pipe)
    code = _outcome(child, pipe, tell, seconds, waiting)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


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
    return _passed_on(work())


def end_watch() -> None:
    """Have nobody end this process any more."""
    import faulthandler

    faulthandler.cancel_dump_traceback_later()
    signals.setitimer(signals.ITIMER_PROF, 0)


def _fork() -> tuple[int, int]:
    """A child, and the pipe from it: for the child, which gets 0, the end to write to, else that to read from."""
    # What is in the buffers now would be printed twice, by the child as well.
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        return child, writing
    os.close(writing)
    return child, reading


def _outcome(
    child: int,
    reading: int,
    tell: Callable[[str], None],
    seconds: float,
    waiting: float,
) -> int:
    """The exit code of a hook whose work a child does, once that has ended, or was stopped."""
    try:
        status, drafts = _attend(child, reading, seconds * waiting)
    except KeyboardInterrupt:
        _stop(child)
        return 130
    if status is not None and os.WIFEXITED(status):
        return _passed_on(os.waitstatus_to_exitcode(status))
    _stop(child)
    last = _last(drafts)
    tell(f"{_end(status, seconds, waiting)}, before it had looked at everything")
    sys.stdout.write(last.out)
    sys.stdout.flush()
    sys.stderr.write(last.err)
    return _passed_on(last.code)


def _passed_on(code: int) -> int:
    """The exit code of a hook, for that of the work."""
    return code if code in _PASSED_ON else 0  # what went wrong, the work itself has said


def _end(
    status: int | None,
    seconds: float,
    waiting: float,
) -> str:
    """How the work came to its end, where that was not its own."""
    if status is None:
        return f"was stopped after {seconds * waiting:g} s"
    if os.WTERMSIG(status) == signals.SIGPROF:
        return f"was stopped after {seconds:g} s of processor time"
    return f"crashed with signal {os.WTERMSIG(status)}"


def _work(
    work: Work,
    seconds: float,
    drafts: int,
) -> None:
    code = 3
    try:
        _limit_work(seconds)
        code = work(lambda draft: _hand_out(draft, drafts))
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _limit_work(seconds: float) -> None:
    os.setpgid(0, 0)  # so that git processes of ours end with us
    signals.signal(signals.SIGPROF, signals.SIG_DFL)
    signals.setitimer(signals.ITIMER_PROF, seconds)  # the kernel ends us, wherever we hang


def _hand_out(draft: AnswerSoFar, pipe: int) -> None:
    line = light_json.writer()(draft).encode() + b"\n"
    while line:  # a pipe may take less than it is given
        written = os.write(pipe, line)
        line = line[written:]


def _last(drafts: bytes) -> AnswerSoFar:
    """The last draft that was handed out whole."""
    # Whoever is stopped may be in the middle of a line: what follows the last newline is none.
    whole = drafts.split(b"\n")[:-1]
    if not whole:
        return AnswerSoFar(0, "", "")
    return AnswerSoFar(*light_json.loads(whole[-1].decode()))


def _attend(
    child: int,
    pipe: int,
    seconds: float,
) -> tuple[int | None, bytes]:
    """Take what a process hands out until it ends. Its status, or None when it has not ended in time."""
    end = time.monotonic() + seconds
    drafts = bytearray()
    while True:
        left = end - time.monotonic()
        if left <= 0:
            break
        # The pipe is read all the time: full, it would stop the work that writes to it.
        ready, _, _ = select.select([pipe], [], [], left)
        if not ready:
            break
        piece = os.read(pipe, 1 << 16)
        if not piece:  # it has ended, or is about to
            return _wait(child, max(left, _GRACE)), bytes(drafts)
        drafts += piece
    return None, bytes(drafts)


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
    for sign in (signals.SIGTERM, signals.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child, sign)
        try:
            status = _wait(child, _GRACE)
        except ChildProcessError:  # it was gone before; what it started was asked to end
            return
        if status is not None:
            return
