"""The streams to answer on, whose reader may be gone or whose disk may be full."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO


@contextmanager
def writing(stream: TextIO) -> Iterator[None]:
    """Bear with a stream that takes no more. Raises StoreFailed where that loses the answer."""
    try:
        yield
    except BrokenPipeError:
        # The reader went away, as ``| head`` does; what was done stays done, its exit code true.
        _discard(stream)
    except OSError as error:
        _discard(stream)
        if stream is sys.stdout:
            raise StoreFailed(f"cannot write the answer: {error.strerror}") from None


def _discard(stream: TextIO) -> None:
    """Send what is still to come on a stream nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
