"""A program at work, with pipes to it, started without ``subprocess``: loading that costs as much as six git processes.

It does what ``subprocess`` does, as far as a question to git needs it. Where the system cannot do
it so, and for what is talked to in turns, there is ``subprocess`` itself (``popen.py``), which is
all that there is on Windows.
"""

from __future__ import annotations

import os
import select
import sys
import time

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import suppress
from git_muse_coord.signals import signals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from git_muse_coord.store.git.popen import PopenChild

# for the checker of types: none of this is loaded where the system has no such processes
assert sys.platform != "win32"  # noqa: S101

_IGNORED_BY_PYTHON = ("SIGPIPE", "SIGXFSZ", "SIGXFZ")
"""What Python ignores for itself: a program that inherits that goes on when nobody reads it any more."""

_STANDARD = 3
"""The descriptors below are those by which a program speaks."""

_PIECE = 1 << 16
_FIRST_PAUSE = 0.0001
_LONGEST_PAUSE = 0.05


def start_child(
    words: Sequence[str],
    environment: Mapping[str, str],
    new_session: bool = False,
) -> SpawnedChild | PopenChild:
    """Start a program of the PATH. Raises OSError where it cannot be started.

    ``new_session`` takes it out of reach of what may end all of our process group. A group of its
    own would not be the same: it would still hear when the terminal is closed.
    """
    # some systems cannot give a session to what they spawn
    with suppress(NotImplementedError):
        return SpawnedChild(words, environment, new_session)
    from git_muse_coord.store.git.popen import PopenChild

    return PopenChild(words, environment, new_session)


class SpawnedChild:
    """A program that was started by ``posix_spawn``. It must be waited for, with one of the last two methods.

    ``pid`` is its number, also that of its session where it has one of its own.
    """

    def __init__(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        new_session: bool,
    ) -> None:
        self.pid = 0
        self._code: int | None = None
        self._unsent: memoryview | None = None
        self._pieces: dict[int, list[bytes]] = {}
        self._poll = select.poll()
        ends: list[int] = []
        try:
            for _ in range(_STANDARD):
                ends += _pipe()
            its_stdin, self._stdin, self._stdout, its_stdout, self._stderr, its_stderr = ends
            its_ends = (its_stdin, its_stdout, its_stderr)
            self.pid = _spawn(words, environment, its_ends, new_session)
        except BaseException:
            _close(ends)
            raise
        _close(its_ends)
        for end in (self._stdout, self._stderr):
            self._pieces[end] = []
            self._poll.register(end, select.POLLIN)
        self._open = {self._stdin, self._stdout, self._stderr}

    def __del__(self) -> None:
        # nobody asked for its answer: it must not stay as a zombie, nor our ends of its pipes
        if self.pid and self._code is None:
            self.abandon()

    def terminate(self) -> None:
        """Ask it to end."""
        # once it was waited for, its number may be that of another program
        if self._code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signals.SIGTERM)

    def communicate(
        self,
        given: bytes = b"",
        seconds: float | None = None,
    ) -> tuple[int, bytes, bytes]:
        """Give it its stdin; its exit code, or minus the signal that ended it, its stdout and its stderr.

        Raises TimeoutError when it has not ended in time; what is asked again then goes on.
        """
        end: float | None = None
        if seconds is not None:
            end = time.monotonic() + seconds
        if self._unsent is None:
            self._begin_to_send(given)
        while self._open:
            # all at once: who is waiting to be read does not go on to read
            ready = self._poll.poll(_milliseconds_until(end))
            if not ready:
                raise TimeoutError
            for descriptor, _ in ready:
                if descriptor == self._stdin:
                    self._send()
                else:
                    self._receive(descriptor)
        code = self._wait(end)
        out = b"".join(self._pieces[self._stdout])
        err = b"".join(self._pieces[self._stderr])
        return code, out, err

    def abandon(self) -> None:
        """Have it end, whatever it has yet to say: git takes its locks away when it is asked to."""
        for descriptor in list(self._open):
            self._close(descriptor)
        self.terminate()
        self._wait(None)

    def forsake(self) -> None:
        """Stop it without waiting for it: what hangs on a disk that is away may never end."""
        for descriptor in list(self._open):
            self._close(descriptor)
        if self._code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signals.SIGKILL)
            self._code = -signals.SIGKILL

    def _begin_to_send(self, given: bytes) -> None:
        self._unsent = memoryview(given)
        if not given:
            self._close(self._stdin)
            return
        # a pipe that is full takes a part, and must not hold us up
        os.set_blocking(self._stdin, False)
        self._poll.register(self._stdin, select.POLLOUT)

    def _send(self) -> None:
        assert self._unsent is not None  # noqa: S101 - as begun
        piece = self._unsent[:_PIECE]
        try:
            sent = os.write(self._stdin, piece)
        except BlockingIOError:
            return
        except BrokenPipeError:
            # it does not want the rest, and its exit code says whether that is a failure
            self._close(self._stdin)
            return
        self._unsent = self._unsent[sent:]
        if not self._unsent:
            self._close(self._stdin)

    def _receive(self, descriptor: int) -> None:
        piece = os.read(descriptor, _PIECE)
        if piece:
            self._pieces[descriptor].append(piece)
        else:
            self._close(descriptor)

    def _close(self, descriptor: int) -> None:
        self._open.remove(descriptor)
        with suppress(KeyError):  # nothing was to be sent
            self._poll.unregister(descriptor)
        os.close(descriptor)

    def _wait(self, end: float | None) -> int:
        options = 0
        if end is not None:
            options = os.WNOHANG
        pauses = _pauses()
        while self._code is None:
            try:
                done, status = os.waitpid(self.pid, options)
            except ChildProcessError:
                # who started us has its children taken away unseen: subprocess says the same then
                self._code = 0
                break
            if done:
                self._code = os.waitstatus_to_exitcode(status)
            elif end is not None and time.monotonic() > end:
                raise TimeoutError
            else:
                pause = next(pauses)
                time.sleep(pause)
        return self._code


def _spawn(
    words: Sequence[str],
    environment: Mapping[str, str],
    streams: Sequence[int],
    new_session: bool,
) -> int:
    actions: list[tuple[int, int, int]] = []
    for number, descriptor in enumerate(streams):
        action = (os.POSIX_SPAWN_DUP2, descriptor, number)
        actions.append(action)
    # not every system has each of them
    ignored = [getattr(signals, name) for name in _IGNORED_BY_PYTHON if hasattr(signals, name)]
    return os.posix_spawnp(
        words[0],
        list(words),
        environment,
        file_actions=actions,
        setsid=new_session,
        setsigdef=ignored,
    )


def _pipe() -> list[int]:
    """The two ends of a pipe, which no other program inherits."""
    return [_above_standard(end) for end in os.pipe()]


def _above_standard(descriptor: int) -> int:
    """The same pipe by a number that is not that of a stream: we may have been started without some of them."""
    if descriptor >= _STANDARD:
        return descriptor
    import fcntl

    higher = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _STANDARD)
    os.close(descriptor)
    return higher


def _close(descriptors: Sequence[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _milliseconds_until(end: float | None) -> float | None:
    if end is None:
        return None
    seconds = end - time.monotonic()
    return max(seconds, 0.0) * 1000


def _pauses() -> Iterator[float]:
    """Ever longer pauses: a program that has said its last word ends at once as a rule."""
    pause = _FIRST_PAUSE
    while True:
        yield pause
        pause = min(pause * 2, _LONGEST_PAUSE)
