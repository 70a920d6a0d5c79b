"""A program at work, started by ``subprocess``: where ``child.py`` cannot, and to talk to it in turns."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence


def popen(
    words: Sequence[str],
    environment: Mapping[str, str],
    *,
    new_session: bool = False,
    quiet: bool = False,
) -> subprocess.Popen[bytes]:
    """Start a program with pipes to it; ``quiet`` lets its complaints go. Raises OSError where it cannot be started."""
    return subprocess.Popen(
        words,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if quiet else subprocess.PIPE,
        start_new_session=new_session and sys.platform != "win32",
        creationflags=_own_group() if new_session else 0,
    )


def _own_group() -> int:
    """What takes a program out of reach of an interruption on Windows, which has no sessions; 0 elsewhere."""
    return getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)


def start_by_subprocess(
    words: Sequence[str],
    environment: Mapping[str, str],
    new_session: bool = False,
) -> PopenChild:
    """As ``child.start_child``, where that cannot be."""
    return PopenChild(words, environment, new_session)


class PopenChild:
    """As ``SpawnedChild``, by way of ``subprocess``."""

    def __init__(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        new_session: bool,
    ) -> None:
        self._process = popen(words, environment, new_session=new_session)
        self.pid = self._process.pid

    def terminate(self) -> None:
        """As there."""
        self._process.terminate()

    def communicate(
        self,
        given: bytes = b"",
        seconds: float | None = None,
    ) -> tuple[int, bytes, bytes]:
        """As there."""
        try:
            out, err = self._process.communicate(given, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError from None
        return self._process.returncode, out, err

    def abandon(self) -> None:
        """As there."""
        self._process.terminate()
        self._process.communicate()

    def forsake(self) -> None:
        """As there."""
        self._process.kill()
