"""The streams to answer on, whose reader may be gone or whose disk may be full."""

from __future__ import annotations

import os
import sys

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO


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


def _discard(stream: TextIO) -> None:
    """Send what is still to come on a stream nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
