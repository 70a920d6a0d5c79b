"""Running the git program: one environment, one way to fail. What to run is for the other modules to say."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from typing import NamedTuple

from git_muse_coord.model.errors import NoRepository, StoreFailed

DURABLE = ("-c", "core.fsync=reference,loose-object", "-c", "core.logAllRefUpdates=false")
"""Options for our own writes: git does not flush refs to disk by default, and our refs need no reflog."""

_QUIET = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}


class Answer(NamedTuple):
    """What a git process said. ``complaint`` is its own error line, without the word fatal."""

    code: int
    out: bytes
    err: bytes

    @property
    def complaint(self) -> str:
        """The line of stderr that says what went wrong."""
        lines = [line for line in self.err.decode("utf-8", "replace").splitlines() if line.strip()]
        telling = next((line for line in lines if line.startswith(("fatal: ", "error: "))), lines[-1:] or "")
        return str(telling if isinstance(telling, str) else telling[0]).split(": ", 1)[-1].strip()


class Git:
    """The git program, run in one directory."""

    def __init__(self, directory: str) -> None:
        self.directory = directory
        self._environment = {**os.environ, **_QUIET}

    def ask(self, *arguments: str, given: bytes = b"") -> Answer:
        """Run git and return what it said, whatever its exit code. Raises NoRepository without git."""
        try:
            done = subprocess.run(
                ["git", *arguments],
                cwd=self.directory,
                env=self._environment,
                input=given,
                capture_output=True,
                check=False,
            )
        except FileNotFoundError as error:
            if os.path.isdir(self.directory):
                raise NoRepository("git is not on the PATH", "install git 2.31 or newer") from error
            raise NoRepository(f"no such directory: {self.directory}") from None
        except (NotADirectoryError, PermissionError):
            raise NoRepository(f"not a directory that can be entered: {self.directory}") from None
        return Answer(done.returncode, done.stdout, done.stderr)

    def run(self, *arguments: str, given: bytes = b"") -> bytes:
        """Run git and return its stdout. Raises StoreFailed with git's own line when it fails."""
        answer = self.ask(*arguments, given=given)
        if answer.code:
            verb = next((word for word in arguments if word not in DURABLE), "")
            raise StoreFailed(f"git {verb} failed: {answer.complaint}")
        return answer.out


def lines(texts: Iterable[str]) -> bytes:
    """Lines for a git process to read."""
    return "".join(f"{text}\n" for text in texts).encode("utf-8", "surrogateescape")
