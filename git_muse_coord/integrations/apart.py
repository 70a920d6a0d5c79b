"""The work of a hook in a process of its own, which the system ends, wherever it hangs, and whose crash is not ours."""

from __future__ import annotations

import os
import select
import sys
import time

from git_muse_coord.integrations.guard import (
    SECONDS,
    WAITING,
    AnswerSoFar,
    exit_code_of_hook,
)
from git_muse_coord.model import light_json
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import suppress
from git_muse_coord.signals import signals

if TYPE_CHECKING:
    from collections.abc import Callable

    from git_muse_coord.integrations.guard import Work

# for the checker of types: none of this is loaded where the system cannot fork
assert sys.platform != "win32"  # noqa: S101

_PAUSE = 0.002
_GRACE = 0.3


def guarded_apart(
    work: Work,
    tell: Callable[[str], None],
    seconds: float = SECONDS,
    waiting: float = WAITING,
) -> int:
    """Do the work and return the exit code of a hook; ``tell`` is given the line about what went wrong."""
    child, pipe = _fork()
    if child == 0:
        _work(work, seconds, pipe)
    return _outcome(
        child,
        pipe,
        tell,
        seconds,
        waiting,
    )


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
    code = _outcome(
        child,
        pipe,
        tell,
        seconds,
        waiting,
    )
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


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
        return exit_code_of_hook(os.waitstatus_to_exitcode(status))
    _stop(child)
    last = _last(drafts)
    tell(f"{_end(status, seconds, waiting)}, before it had looked at everything")
    sys.stdout.write(last.out)
    sys.stdout.flush()
    sys.stderr.write(last.err)
    return exit_code_of_hook(last.code)


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
