"""How long a remote is waited for: in all, and at a stretch in which nothing is heard of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from git_muse_coord.model.errors import RemoteFailed

if TYPE_CHECKING:
    import subprocess

SILENT_SECONDS = 60.0
"""A remote may say nothing for at most so long; a transfer that moves says something several times a second."""

TELL_SECONDS = 2.0
_LOOK_SECONDS = 0.5


def _nobody(_: str) -> None:
    pass


class Patience:
    """How long talking to a remote may take.

    ``seconds`` bounds the whole of it, None does not; ``silence`` bounds each stretch without a
    sign of life, in seconds. ``tell`` hears whom we wait for, once, when an answer is slow to
    begin.
    """

    def __init__(
        self,
        seconds: float | None = None,
        *,
        silence: float | None = None,
        tell: Callable[[str], None] = _nobody,
    ) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds
        self._silence = SILENT_SECONDS if silence is None else silence
        self._tell = tell
        self._told = False

    def await_answer(
        self,
        process: subprocess.Popen[bytes],
        given: bytes,
        whom: str,
    ) -> tuple[bytes, bytes]:
        """Give a process its stdin, and return its stdout and stderr when it ends.

        Raises RemoteFailed when the time is up, or when nothing came for too long; the process
        still runs then.
        """
        import subprocess  # here it is loaded by whoever started the process

        to_send: bytes | None = given
        bytes_heard = 0
        began = time.monotonic()
        heard_at = began
        while True:
            seconds = self._until_next_look()
            try:
                return process.communicate(to_send, timeout=seconds)
            except subprocess.TimeoutExpired as so_far:
                to_send = None  # it has its input, and goes on with what is left of it
                now = time.monotonic()
                out = so_far.output or b""
                err = so_far.stderr or b""
                length = len(out) + len(err)
                if length > bytes_heard:
                    bytes_heard = length
                    heard_at = now
            self._check(now, heard_at, whom)
            self._tell_once(now - began, whom)

    def _check(
        self,
        now: float,
        heard_at: float,
        whom: str,
    ) -> None:
        if self._end is not None and now >= self._end:
            raise RemoteFailed(f"{whom} did not answer in time", "try again")
        silent = now - heard_at
        if silent >= self._silence:
            raise RemoteFailed(
                f"{whom} said nothing for {self._silence:g} s",
                "local records are kept; try again, or give it longer: --timeout SECONDS",
            )

    def _tell_once(self, waited: float, whom: str) -> None:
        if self._told or waited < TELL_SECONDS:
            return
        self._told = True
        self._tell(f"waiting for {whom}")

    def _until_next_look(self) -> float:
        if self._end is None:
            return _LOOK_SECONDS
        left = max(self._end - time.monotonic(), 0.0)
        return min(_LOOK_SECONDS, left)
