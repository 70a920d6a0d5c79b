"""The streams to answer on, whose reader may be gone or whose disk may be full."""

from __future__ import annotations

import os
import sys

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

_DUMB = "dumb"
"""The kind of a terminal that can only print lines."""


class writing:  # noqa: N801 - used like a function; contextlib, which would make it of one, is slow to load
    """Bear with a stream that takes no more. Raises StoreFailed where that loses the answer."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: object, trace: object) -> bool:
        if not isinstance(error, OSError):
            return False
        _discard(self._stream)
        # The reader went away, as ``| head`` does; what was done stays done, its exit code true.
        if isinstance(error, BrokenPipeError):
            return True
        if self._stream is sys.stdout:
            raise StoreFailed(f"cannot write the answer: {error.strerror}") from None
        return True


_discarded: list[TextIO] = []
"""The streams of which what comes goes nowhere."""


def has_reader(stream: TextIO) -> bool:
    """Whether somebody may still read a stream: a pipe tells, also while nothing is written into it."""
    if stream in _discarded:
        return False
    # only who writes for long asks
    import select

    if not hasattr(select, "poll"):
        return True
    poll = select.poll()
    try:
        poll.register(stream.fileno(), 0)
    except (OSError, ValueError):
        # no file at all, as when a test listens
        return True
    # these are told even where nothing is asked for
    return not poll.poll(0)


def _discard(stream: TextIO) -> None:
    """Send what is still to come on a stream nowhere."""
    _discarded.append(stream)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def can_show_pages(environment: Mapping[str, str]) -> bool:
    """Whether we talk to a person at a terminal that can do more than print lines."""
    kind = environment.get("TERM", _DUMB)
    # Windows has other terminals, which nobody has tried
    if sys.platform == "win32" or kind == _DUMB:
        return False
    if not sys.stdin.isatty():
        return False
    return sys.stdout.isatty()
