"""A command of the user's that is run for each event, and never stands in the way of who watches.

Never two at a time: one thread runs them in the order of the events. A command that hangs is
ended, with all that it started, when its time is over; events that it does not keep up with are
dropped, the oldest first.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections import deque
from collections.abc import Callable

from git_muse_coord.signals import signals

SECONDS = 60.0
"""So long a command may take for one event."""

QUEUE_MOST = 1_000
"""So many events wait for their turn."""

_FAREWELL_SECONDS = 2.0


class EventCommand:
    """Runs a command of a shell with each event on its standard input.

    ``complain`` is told of the first one that fails, of the first that takes too long, and of the
    first event that is dropped. ``out`` is where what the command prints goes: a descriptor.
    """

    def __init__(
        self,
        command: str,
        complain: Callable[[str], None],
        *,
        out: int | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self._command = command
        self._complain = complain
        self._out = out
        self._seconds = seconds
        self._events: deque[bytes] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._named: set[str] = set()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def run(self, event: str) -> None:
        """Have the command run for an event, after those before it. Returns at once."""
        with self._changed:
            if len(self._events) >= QUEUE_MOST:
                self._events.popleft()
                self._name(
                    "dropped", f"it does not keep up: more than {QUEUE_MOST:,} events wait for it"
                )
            self._events.append(event.encode())
            self._changed.notify()

    def close(self) -> None:
        """Run it for no further event. One at work gets a moment to end by itself, as have those that wait."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(_FAREWELL_SECONDS)
        with self._changed:
            self._events.clear()
            if self._process is not None:
                _end(self._process)

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._events:
                    if self._closed:
                        return
                    self._changed.wait()
                event = self._events.popleft()
            self._run(event)

    def _run(self, event: bytes) -> None:
        try:
            # in a session of its own, so that it can be ended with all that it started
            self._process = subprocess.Popen(  # noqa: S602 - the user wrote it on the command line
                self._command,
                shell=True,
                stdin=subprocess.PIPE,
                stdout=self._out,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            self._name("failed", f"it cannot be started: {error}")
            return
        try:
            # a command that does not read is none that fails
            self._process.communicate(event, timeout=self._seconds)
        except subprocess.TimeoutExpired:
            self._name("hangs", f"it took more than {self._seconds:g} seconds, and was ended")
            _end(self._process)
        code = self._process.wait()
        self._process = None
        if code > 0:
            self._name("failed", f"it ended with exit code {code}")

    def _name(self, what: str, sentence: str) -> None:
        """Say what goes wrong, once for all times that it does."""
        # A command that is ended because we close has not failed.
        is_our_doing = what == "failed" and self._closed
        if what in self._named or is_our_doing:
            return
        self._named.add(what)
        self._complain(f"--exec: {sentence}; the watch goes on, and this is not said again")


def _end(process: subprocess.Popen[bytes]) -> None:
    kill_group = getattr(os, "killpg", None)
    if kill_group is None:
        process.kill()
        return
    try:
        kill_group(process.pid, signals.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
