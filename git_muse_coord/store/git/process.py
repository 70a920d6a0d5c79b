"""Running the git program: one environment, one way to fail. What to run is for the other modules to say."""

from __future__ import annotations

import os
import sys

from git_muse_coord.model.errors import NoRepository, StoreFailed
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple

if sys.platform in ("linux", "darwin"):
    from git_muse_coord.store.git.child import start_child
else:
    # elsewhere what is spawned need not tell why it could not be started
    from git_muse_coord.store.git.popen import start_by_subprocess as start_child

if TYPE_CHECKING:
    import subprocess
    from collections.abc import (
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )
    from typing import TypeAlias

    from git_muse_coord.store.git.patience import Patience
    from git_muse_coord.store.git.popen import PopenChild

    if sys.platform == "win32":
        Child: TypeAlias = PopenChild
    else:
        from git_muse_coord.store.git.child import SpawnedChild

        Child: TypeAlias = SpawnedChild | PopenChild

DURABLE = ("-c", "core.fsync=reference,loose-object", "-c", "core.logAllRefUpdates=false")
"""Options for our own writes: git does not flush refs to disk by default, and our refs need no reflog."""

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

OVERDUE = (
    f"git did not end within {APART_SECONDS:g} s",
    "see whether a hook of this repository hangs (reference-transaction)",
)

_ENDING_SECONDS = 5.0
_CANNOT_ENTER = 128
"""The exit code of git where it cannot enter the directory that it is to work in."""

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
    def text(self) -> str:
        """What it said on stdout, with the names of files as Python has them."""
        return os.fsdecode(self.out)

    @property
    def words(self) -> list[str]:
        """The words that it said, such as ids of objects; not for names, which may hold blanks."""
        return self.out.decode().split()

    @property
    def complaint(self) -> str:
        """The line of stderr that says what went wrong."""
        from git_muse_coord.store.git.complaints import complaint_of

        return complaint_of(self.code, self.err)


class Git:
    """The git program, run in one directory; ``environment`` is what it is told."""

    def __init__(self, directory: str) -> None:
        self.directory = directory
        self.environment = {**os.environ, **_QUIET}

    def within(self, directory: str, variables: Mapping[str, str]) -> Git:
        """The same program in another directory, with more variables in its environment."""
        other = Git(directory)
        other.environment |= variables
        return other

    def in_worktree(self, directory: str) -> Git:
        """The same program in another worktree, without what git tells its hooks about this one."""
        other = self.within(directory, {})
        for name in _OF_WORKTREE:
            other.environment.pop(name, None)
        return other

    def ask(self, *arguments: str, given: bytes = b"") -> Answer:
        """Run git and return what it said, whatever its exit code. Raises NoRepository without git."""
        return self.begin(*arguments).answer(given)

    def begin(self, *arguments: str) -> Asking:
        """Start git, and let it run while something else is done. Raises NoRepository without git."""
        child = self._child(arguments)
        return Asking(self, child, arguments)

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
        with self.start(arguments, new_session=True) as process:
            try:
                out, err = patience.await_answer(process, given, whom)
            except BaseException:
                _stop(process.pid)
                process.communicate()
                raise
        return Answer(process.returncode, out, err)

    def ask_apart(self, *arguments: str, given: bytes = b"") -> Answer:
        """Run git where it locks files of the repository, out of reach of what may kill our process group.

        A git that is killed then leaves its locks in everybody's way; one that outlives us ends by
        itself. Raises StoreFailed when it does not end in time. Not for talking to remotes: ssh and
        helpers want the terminal.
        """
        child = self._child(arguments, new_session=True)
        try:
            answer = child.communicate(given, APART_SECONDS)
        except BaseException as error:
            _ask_to_end(child)
            if isinstance(error, TimeoutError):
                raise StoreFailed(*OVERDUE) from None
            raise
        return self.entered(Answer(*answer))

    def run_apart(self, *arguments: str, given: bytes = b"") -> bytes:
        """As ``ask_apart``, for stdout alone. Raises StoreFailed with git's own line when it fails."""
        answer = self.ask_apart(*arguments, given=given)
        return _out(answer, arguments)

    def run(self, *arguments: str, given: bytes = b"") -> bytes:
        """Run git and return its stdout. Raises StoreFailed with git's own line when it fails."""
        return self.begin(*arguments).out(given)

    def line(self, *arguments: str, given: bytes = b"") -> str:
        """The one word or line that git says. Raises StoreFailed with git's own line when it fails."""
        output = self.run(*arguments, given=given)
        return output.decode().strip()

    def lines(self, *arguments: str, given: bytes = b"") -> list[str]:
        """The lines that git says, of ids and numbers alone: a name may hold what ends a line for Python.

        Raises StoreFailed with git's own line when it fails.
        """
        output = self.run(*arguments, given=given)
        return output.decode().splitlines()

    def line_or_none(self, *arguments: str) -> str | None:
        """The one word or line that git says; None when it fails."""
        answer = self.ask(*arguments)
        if answer.code:
            return None
        return answer.out.decode().strip()

    def start(
        self,
        arguments: Sequence[str],
        *,
        new_session: bool = False,
        quiet: bool = False,
    ) -> subprocess.Popen[bytes]:
        """Start a git to be talked to in turns; ``quiet`` lets its complaints go. Raises NoRepository without git."""
        from git_muse_coord.store.git.popen import popen

        words = self._words(arguments)
        try:
            return popen(
                words,
                self.environment,
                new_session=new_session,
                quiet=quiet,
            )
        except OSError as error:
            raise _not_started(error) from error

    def entered(self, answer: Answer) -> Answer:
        """An answer, if git came into its directory to give it. Raises NoRepository."""
        if answer.code != _CANNOT_ENTER:
            return answer
        complaint = b"fatal: cannot change to '%s'" % os.fsencode(self.directory)
        if not answer.err.startswith(complaint):
            return answer
        if os.path.lexists(self.directory):
            raise NoRepository(f"not a directory that can be entered: {self.directory}")
        raise NoRepository(f"no such directory: {self.directory}")

    def _child(self, arguments: Sequence[str], new_session: bool = False) -> Child:
        words = self._words(arguments)
        try:
            return start_child(words, self.environment, new_session)
        except OSError as error:
            raise _not_started(error) from error

    def _words(self, arguments: Sequence[str]) -> list[str]:
        # git changes its directory itself, because nothing can do so for a program that is spawned
        return ["git", "-C", self.directory, *arguments]


class Asking:
    """A git process at work, whose answer must be awaited."""

    def __init__(
        self,
        git: Git,
        child: Child,
        arguments: Sequence[str],
    ) -> None:
        self._git = git
        self._child = child
        self._arguments = arguments

    def answer(self, given: bytes = b"") -> Answer:
        """What git said, whatever its exit code. Raises NoRepository where it cannot enter its directory."""
        try:
            answer = Answer(*self._child.communicate(given))
        except BaseException:
            # nobody waits any more
            self._child.abandon()
            raise
        return self._git.entered(answer)

    def answer_within(self, seconds: float) -> Answer | None:
        """What git said, as ``answer``; None where it takes longer, and is stopped and not waited for."""
        try:
            answer = Answer(*self._child.communicate(seconds=seconds))
        except BaseException as error:
            self._child.forsake()
            if isinstance(error, TimeoutError):
                return None
            raise
        return self._git.entered(answer)

    def out(self, given: bytes = b"") -> bytes:
        """Git's stdout. Raises StoreFailed with git's own line when it failed."""
        answer = self.answer(given)
        return _out(answer, self._arguments)


def _not_started(error: OSError) -> NoRepository:
    if isinstance(error, FileNotFoundError):
        return NoRepository("git is not on the PATH", "install git 2.31 or newer")
    return NoRepository(f"git cannot be started: {error.strerror}")


def _ask_to_end(child: Child) -> None:
    """Have git take its locks away and end; one that does not is stopped."""
    child.terminate()
    try:
        child.communicate(seconds=_ENDING_SECONDS)
    except TimeoutError:
        # a hook of somebody's has it wait, and may hold our end of its pipes open
        _stop(child.pid)
        child.communicate()


def _stop(pid: int) -> None:
    # as good as never
    from git_muse_coord.stopping import stop_with_children

    stop_with_children(pid)


def _out(answer: Answer, arguments: Sequence[str]) -> bytes:
    if answer.code:
        raise StoreFailed(f"git {_verb(arguments)} failed: {answer.complaint}")
    return answer.out


def _verb(arguments: Sequence[str]) -> str:
    """What git is asked to do, behind its own options, each of which has a value."""
    words = iter(arguments)
    for word in words:
        if word not in ("-c", "-C"):
            return word
        next(words, None)
    return ""


def fields_of(output: bytes) -> list[str]:
    """The fields of what git tells with ``-z``, each ended by a null byte."""
    fields = os.fsdecode(output).split("\0")
    # behind the last null byte there is nothing
    del fields[-1]
    return fields


def pairs_of(output: bytes) -> Iterator[tuple[str, str]]:
    """What git tells of each path by ``--raw -z``, and then the path; not of renames, which have two."""
    fields = fields_of(output)
    facts = fields[0::2]
    paths = fields[1::2]
    return zip(facts, paths, strict=True)


def input_lines(texts: Iterable[str]) -> bytes:
    """Lines for a git process to read."""
    lines = [f"{text}\n" for text in texts]
    return "".join(lines).encode("utf-8", "surrogateescape")
