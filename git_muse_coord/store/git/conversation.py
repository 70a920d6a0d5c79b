"""A git process that stays to answer again and again, for processes that stay themselves."""

from __future__ import annotations

import contextlib
import subprocess
import threading
import weakref

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.store.git.process import APART_SECONDS, OVERDUE, Git


class Conversation:
    """A git process that stays to answer again and again, for processes that stay themselves.

    It is out of reach of what may kill our process group, as with ``Git.ask_apart``.
    """

    def __init__(self, git: Git, *arguments: str) -> None:
        self._git = git
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def say(self, script: bytes, until: bytes) -> bool:
        """Send lines, and read answers until one that is expected. False: git would not, and ended.

        What was sent then may have been done in part or not at all. Raises StoreFailed when it does
        not answer in time.
        """
        with self._turn:
            process = self._begun()
            overdue = threading.Event()
            watch = threading.Timer(APART_SECONDS, _give_up, (process, overdue))
            watch.daemon = True
            watch.start()
            done = False
            try:
                done = _exchange(process, script, until)
            finally:
                watch.cancel()
                if not done:
                    # also when we are interrupted: what it has yet to say would be taken for the
                    # next answer
                    _hang_up(process)
                    self._process = None
            if overdue.is_set() and not done:
                raise StoreFailed(*OVERDUE)
            return done

    def _begun(self) -> subprocess.Popen[bytes]:
        """The process that stays, started where there is none."""
        process = self._process
        if process is None:
            process = self._git.start(self._arguments, quiet=True, new_session=True)
            self._process = process
            weakref.finalize(self, _hang_up, process)
        return process


def _exchange(
    process: subprocess.Popen[bytes],
    script: bytes,
    until: bytes,
) -> bool:
    """Send lines to a process that stays, and read until the answer that is expected. False: it ended."""
    assert process.stdin is not None  # noqa: S101 - as started
    assert process.stdout is not None  # noqa: S101 - as started
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(script)
        process.stdin.flush()
        while answer := process.stdout.readline():
            if answer == until:
                return True
    return False


def _give_up(process: subprocess.Popen[bytes], overdue: threading.Event) -> None:
    overdue.set()
    process.terminate()


def _hang_up(process: subprocess.Popen[bytes]) -> None:
    for stream in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):
            if stream is not None:
                stream.close()
    process.wait()
