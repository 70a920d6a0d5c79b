"""Running the git program: one environment, one way to fail. What to run is for the other modules to say."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from git_muse_coord.model.errors import NoRepository, StoreFailed

if TYPE_CHECKING:
    from git_muse_coord.store.git.patience import Patience

DURABLE = ("-c", "core.fsync=reference,loose-object", "-c", "core.logAllRefUpdates=false")
"""Options for our own writes: git does not flush refs to disk by default, and our refs need no reflog."""

LISTING = ("--null", "--show-scope", "--list")
"""Options for asking for the whole configuration, as ``Settings`` reads it."""

IDENTITY = (
    "-c",
    "user.name=git-muse-coord",
    "-c",
    "user.email=git-muse-coord@localhost",
    "-c",
    "commit.gpgSign=false",
)
"""Options for our own commits (archive, notes), which must work where nobody is configured."""

APART_SECONDS = 60.0
"""A change of the repository itself takes at most so long, unless a hook of somebody's hangs."""

_ENDING_SECONDS = 5.0
_OVERDUE = (
    f"git did not end within {APART_SECONDS:g} s",
    "see whether a hook of this repository hangs (reference-transaction)",
)

_QUIET = {
    "LC_ALL": "C",  # what git says is read here
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",  # a lock of the index would stop whoever is just committing
    "GIT_NO_LAZY_FETCH": "1",  # a look at an object of a partial clone must not go to the network
}


_OF_WORKTREE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX")
"""Variables by which git tells a hook where it is; they would lead away from any other place."""


class Answer(NamedTuple):
    """What a git process said. ``complaint`` is its own error line, without the word fatal."""

    code: int
    out: bytes
    err: bytes

    @property
    def complaint(self) -> str:
        """The line of stderr that says what went wrong."""
        lines = []
        for line in self.err.decode("utf-8", "replace").splitlines():
            if line.strip():
                lines.append(line)
        if not lines:  # killed, for example because no file may grow
            return f"signal {-self.code} stopped it" if self.code < 0 else f"exit code {self.code}"
        place = _place_of_error(lines)
        said = lines[place].split(": ", 1)[-1].strip()
        if said.endswith(":") and lines[place + 1 :]:
            # git goes on in the next line, such as with the path of a lock
            return f"{said} {lines[place + 1].strip()}"
        return said


def _place_of_error(lines: Sequence[str]) -> int:
    """Where git says what went wrong; hints and warnings may stand before and after."""
    for place, line in enumerate(lines):
        if line.startswith(("fatal: ", "error: ")):
            return place
    return len(lines) - 1


class Git:
    """The git program, run in one directory."""

    def __init__(self, directory: str) -> None:
        self.directory = directory
        self._environment = {**os.environ, **_QUIET}

    def within(self, directory: str, variables: Mapping[str, str]) -> Git:
        """The same program in another directory, with more variables in its environment."""
        other = Git(directory)
        other._environment |= variables
        return other

    def in_worktree(self, directory: str) -> Git:
        """The same program in another worktree, without what git tells its hooks about this one."""
        other = self.within(directory, {})
        for name in _OF_WORKTREE:
            other._environment.pop(name, None)
        return other

    def ask(self, *arguments: str, given: bytes = b"") -> Answer:
        """Run git and return what it said, whatever its exit code. Raises NoRepository without git."""
        return self.begin(*arguments).answer(given)

    def begin(self, *arguments: str) -> Asking:
        """Start git, and let it run while something else is done. Raises NoRepository without git."""
        return Asking(self.start(arguments), arguments)

    def ask_remote(
        self,
        *arguments: str,
        patience: Patience,
        whom: str,
        given: bytes = b"",
    ) -> Answer:
        """Run git where it talks to another machine: without a terminal to prompt on, and with limits of time.

        Raises RemoteFailed, naming ``whom``, when patience ends; git and its helpers are stopped
        then.
        """
        with self.start(arguments, start_new_session=True) as process:
            try:
                out, err = patience.await_answer(process, given, whom)
            except BaseException:
                _stop(process)
                raise
        return Answer(process.returncode, out, err)

    def ask_apart(self, *arguments: str, given: bytes = b"") -> Answer:
        """Run git where it locks files of the repository, out of reach of what may kill our process group.

        A git that is killed then leaves its locks in everybody's way; one that outlives us ends by
        itself. Raises StoreFailed when it does not end in time. Not for talking to remotes: ssh and
        helpers want the terminal.
        """
        with self.start(arguments, start_new_session=True) as process:
            try:
                out, err = process.communicate(given, timeout=APART_SECONDS)
            except BaseException as error:
                _ask_to_end(process)
                if isinstance(error, subprocess.TimeoutExpired):
                    raise StoreFailed(*_OVERDUE) from None
                raise
        return Answer(process.returncode, out, err)

    def run_apart(self, *arguments: str, given: bytes = b"") -> bytes:
        """As ``ask_apart``, for stdout alone. Raises StoreFailed with git's own line when it fails."""
        return _out(self.ask_apart(*arguments, given=given), arguments)

    def run(self, *arguments: str, given: bytes = b"") -> bytes:
        """Run git and return its stdout. Raises StoreFailed with git's own line when it fails."""
        return self.begin(*arguments).out(given)

    def line(self, *arguments: str, given: bytes = b"") -> str:
        """The one word or line that git says. Raises StoreFailed with git's own line when it fails."""
        return self.run(*arguments, given=given).decode().strip()

    def line_or_none(self, *arguments: str) -> str | None:
        """The one word or line that git says; None when it fails."""
        answer = self.ask(*arguments)
        return None if answer.code else answer.out.decode().strip()

    def start(
        self,
        arguments: Sequence[str],
        *,
        start_new_session: bool = False,
        quiet: bool = False,
    ) -> subprocess.Popen[bytes]:
        """Start git with pipes to it; ``quiet`` lets its complaints go. Raises NoRepository without git."""
        try:
            return subprocess.Popen(
                ["git", *arguments],
                cwd=self.directory,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL if quiet else subprocess.PIPE,
                start_new_session=start_new_session,
            )
        except FileNotFoundError as error:
            if os.path.isdir(self.directory):
                raise NoRepository("git is not on the PATH", "install git 2.31 or newer") from error
            raise NoRepository(f"no such directory: {self.directory}") from None
        except (NotADirectoryError, PermissionError):
            raise NoRepository(f"not a directory that can be entered: {self.directory}") from None


class Asking:
    """A git process at work, whose answer must be awaited."""

    def __init__(self, process: subprocess.Popen[bytes], arguments: Sequence[str]) -> None:
        self._process = process
        self._arguments = arguments

    def answer(self, given: bytes = b"") -> Answer:
        """What git said, whatever its exit code."""
        with self._process as process:
            try:
                out, err = process.communicate(given)
            except BaseException:
                # nobody waits any more; git takes its locks away when it is asked to end
                process.terminate()
                process.wait()
                raise
        return Answer(process.returncode, out, err)

    def out(self, given: bytes = b"") -> bytes:
        """Git's stdout. Raises StoreFailed with git's own line when it failed."""
        return _out(self.answer(given), self._arguments)


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
            if self._process is None:
                import weakref

                self._process = self._git.start(self._arguments, quiet=True, start_new_session=True)
                weakref.finalize(self, _hang_up, self._process)
            process = self._process
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
                raise StoreFailed(*_OVERDUE)
            return done


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


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stop git with the helpers that it started, which would keep our end of its pipes open."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _ask_to_end(process: subprocess.Popen[bytes]) -> None:
    """Have git take its locks away and end; one that does not is stopped."""
    process.terminate()
    try:
        process.communicate(timeout=_ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        # a hook of somebody's has it wait, and may hold our end of its pipes open
        _stop(process)


def _out(answer: Answer, arguments: Sequence[str]) -> bytes:
    if answer.code:
        verb = next((word for word in arguments if word not in (*DURABLE, *IDENTITY)), "")
        raise StoreFailed(f"git {verb} failed: {answer.complaint}")
    return answer.out


def fields_of(output: bytes) -> list[str]:
    """The fields of what git tells with ``-z``, each ended by a null byte."""
    return os.fsdecode(output).split("\0")[:-1]


def input_lines(texts: Iterable[str]) -> bytes:
    """Lines for a git process to read."""
    return "".join(f"{text}\n" for text in texts).encode("utf-8", "surrogateescape")
