"""Where a sync in the background starts: a process of its own, for which nobody waits, and which ends in time.

    python -m git_muse_coord.background DIRECTORY SECONDS

SECONDS is how long it waits before it begins.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator

from git_muse_coord.stopping import stop_with_children

CAP_SECONDS = 60.0
"""So long a sync may take in all."""

_ENDING_SECONDS = 5.0


class Overdue(BaseException):
    """The time is over. No ``Exception``, so that nobody takes it for a failure that one can go on after."""


def main() -> None:
    """Wait, exchange, end. Whatever goes wrong is remembered, and told by ``status``."""
    directory, seconds = sys.argv[1:]
    # Before anything is loaded: who waits should be small.
    time.sleep(float(seconds))
    from git_muse_coord.coordinator.background_sync import exchange_unattended, note_overdue
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.errors import MuseCoordError

    with contextlib.suppress(MuseCoordError):
        session = Session(directory, stays=False)
        try:
            with _at_most(CAP_SECONDS):
                exchange_unattended(session)
        except Overdue:
            note_overdue(session)
            _end_group()


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise Overdue when the time is over, so that git is stopped and puts its locks away; then the system ends us."""
    if sys.platform == "win32":
        # there nothing interrupts what waits; git itself gives up after muse-coord.syncTimeout
        yield
        return

    def stop(*_: object) -> None:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, _ENDING_SECONDS)
        raise Overdue

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)


def _end_group() -> None:
    """End with all that we started, if the group is ours alone."""
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        stop_with_children(os.getpid())


if __name__ == "__main__":
    main()
