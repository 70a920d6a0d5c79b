"""``watch`` on a real terminal: a page that stays current, and a terminal that is given back on every way out."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import struct
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.tools import Repo

fcntl = pytest.importorskip("fcntl")
termios = pytest.importorskip("termios")

ENTER, LEAVE = "\x1b[?1049h", "\x1b[?25h\x1b[?1049l"
_CODES = re.compile(r"\x1b\[[?0-9;]*[a-zA-Z]")
_PATIENCE = 60

PROGRAM = f"{sys.executable} -m git_muse_coord"
FAILS = """
from git_muse_coord import boundary
from git_muse_coord.coordinator.watch import Watch

def fails(*_):
    raise RuntimeError("what nobody expected")

Watch.overview = fails
boundary.main()
"""


class Terminal:
    """A terminal with the program on it. We hold it open, so that it can be asked how it was left."""

    def __init__(
        self,
        pid: int,
        descriptor: int,
        before: list[object],
    ) -> None:
        self.pid = pid
        self._descriptor = descriptor
        self._before = before
        self._said = ""

    def until(self, text: str) -> str:
        """What it says, up to a text and a bit more."""
        while text not in _CODES.sub("", self._said):
            assert self._reads(_PATIENCE), f"{text!r} was never said: {self._said!r}"
        said, self._said = self._said, ""
        return said

    def type(self, keys: str) -> None:
        os.write(self._descriptor, keys.encode())

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def end(self) -> tuple[int, str]:
        """Its exit code, and its last words."""
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        while self._reads(0):
            pass
        return os.waitstatus_to_exitcode(status), self._said

    @property
    def is_as_before(self) -> bool:
        now: list[object] = termios.tcgetattr(self._descriptor)
        return now == self._before

    def _reads(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._descriptor], [], [], seconds)
        if ready:
            self._said += os.read(self._descriptor, 65536).decode("utf-8", "replace")
        return bool(ready)


@contextmanager
def terminal(
    path: Path,
    *options: str,
    term: str = "xterm",
    words: Sequence[str] = (sys.executable, "-m", "git_muse_coord", "watch"),
) -> Iterator[Terminal]:
    command = [*words, *options]
    ours, theirs = os.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    before = termios.tcgetattr(ours)
    pid = os.fork()
    if not pid:
        try:
            os.setsid()
            fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)
            for descriptor in (0, 1, 2):
                os.dup2(theirs, descriptor)
            os.chdir(path)
            os.execvpe(command[0], command, {**os.environ, "TERM": term})  # noqa: S606 - a terminal has no shell in between
        finally:
            os._exit(99)
    shown = Terminal(pid, ours, before)
    try:
        yield shown
    finally:
        if shown.pid:
            os.kill(shown.pid, signal.SIGKILL)
            os.waitpid(shown.pid, 0)
        os.close(theirs)
        os.close(ours)


def test_what_two_others_do_is_on_the_page_until_q(repo: Repo) -> None:
    with terminal(repo.path) as shown:
        assert shown.until("q leaves").startswith(ENTER)
        assert not shown.is_as_before
        repo.reserve("src/billing.py", "--run-id", "ann", "--op", "modify")
        repo.reserve("src/billing.py::compute_total", "--run-id", "bob")
        shown.until("bob meets ann to modify")
        shown.type("q")
        code, said = shown.end()
        assert (code, said.endswith(LEAVE)) == (0, True)
        assert shown.is_as_before


def test_another_size_shows_another_part(repo: Repo) -> None:
    for number in range(30):
        repo.reserve(f"src/file{number:02}.py", "--run-id", f"run{number:02}")
    with terminal(repo.path) as shown:
        page = shown.until("q leaves")
        assert "file10" in page
        assert "file25" not in page
        shown.resize(40, 50)
        page = shown.until("file25")
        # one that is drawn right after another begins where that ends, at the top again
        lines = page.replace("\x1b[H", "\r\n").split("\r\n")
        assert max(len(_CODES.sub("", line)) for line in lines) <= 40
        shown.resize(5, 2)
        shown.until("q le")
        shown.type("q")
        assert shown.end()[0] == 0


def test_ctrl_d_leaves_it_too(repo: Repo) -> None:
    with terminal(repo.path) as shown:
        shown.until("q leaves")
        shown.type("\x04")
        assert shown.end()[0] == 0


@pytest.mark.parametrize("how", ["ctrl-c", "SIGTERM", "SIGHUP"])
def test_who_is_ended_gives_the_terminal_back(repo: Repo, how: str) -> None:
    with terminal(repo.path) as shown:
        shown.until("q leaves")
        if how == "ctrl-c":
            shown.type("\x03")
        else:
            os.kill(shown.pid, getattr(signal, how))
        code, said = shown.end()
        assert code == 130
        assert LEAVE in said
        assert shown.is_as_before


def test_who_is_made_to_quit_gives_the_terminal_back(repo: Repo) -> None:
    with terminal(repo.path) as shown:
        shown.until("q leaves")
        shown.type("\x1c")
        code, said = shown.end()
        assert code == -signal.SIGQUIT
        assert LEAVE in said
        assert shown.is_as_before


def test_a_failure_gives_the_terminal_back_before_it_is_told(repo: Repo) -> None:
    with terminal(repo.path, words=[sys.executable, "-c", FAILS, "watch"]) as shown:
        code, said = shown.end()
        assert code == 3
        _, _, after = said.partition(LEAVE)
        assert "what nobody expected" in after
        assert shown.is_as_before


@pytest.mark.skipif(shutil.which("bash") is None, reason="no shell with jobs")
def test_who_is_stopped_gives_the_terminal_back_meanwhile(repo: Repo) -> None:
    # only a shell that knows jobs can stop one, and it leaves what it runs its own process group
    with terminal(
        repo.path, words=["bash", "-m", "-c", f"{PROGRAM} watch; echo stopped; fg"]
    ) as shown:
        shown.until("q leaves")
        shown.type("\x1a")
        said = shown.until("stopped")
        assert said.index(LEAVE) < said.index("stopped")
        # it comes back to the page, which may have been said in one breath with that
        if ENTER not in said.partition("stopped")[2]:
            assert ENTER in shown.until("q leaves")
        shown.type("q")
        assert shown.end()[0] == 0


def test_words_of_others_do_nothing_to_the_terminal(repo: Repo) -> None:
    with terminal(repo.path) as shown:
        shown.until("q leaves")
        repo.reserve("README.md", "--run-id", "ann", "--reason", "\x1b]0;owned\x07\u202e")
        page = shown.until("ann")
        assert "\x1b]" not in page
        assert "\u202e" not in page


@pytest.mark.parametrize("why", ["dumb", "lines"])
def test_where_a_page_is_not_wanted_there_are_lines(repo: Repo, why: str) -> None:
    options = ["--lines"] if why == "lines" else []
    with terminal(repo.path, *options, term="dumb" if why == "dumb" else "xterm") as shown:
        said = shown.until("watching, with 0 active reservations")
        assert ENTER not in said
