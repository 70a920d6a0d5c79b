"""A shell at a terminal, as a person has it: keys go in, and what is shown comes out."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.docs.places import SHARE

PATIENCE = 30.0
"""Seconds: a machine that is busy with tests may take long to start a shell."""

SCRIPTS = SHARE / "completions"
TAB = "\t"
CLEAR = "\x15"
"""The key that clears the line."""
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]|\x1b\][^\x07]*\x07|\x1b\(B|\r|\x08")
_DIRECTORY = os.path.dirname(sys.executable)


class Shell:
    """A shell that runs in a terminal of its own."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self.shown = ""
        self.seen = ""

    def type(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Wait until something is shown that was not waited for before."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            match = re.search(pattern, self.shown)
            if match:
                self.shown = self.shown[match.end() :]
                return match
            self._read(end - time.monotonic())
        raise AssertionError(f"{pattern!r} is not in {self.shown!r}")

    def _read(self, seconds: float) -> None:
        ready, _, _ = select.select([self._terminal], [], [], max(0.0, seconds))
        if ready:
            try:
                piece = os.read(self._terminal, 1 << 16)
            except OSError:
                raise AssertionError(f"the shell has ended: {self.shown!r}") from None
            # The marks for colours and places of the cursor are nothing that a person reads.
            text = _ESCAPES.sub("", piece.decode("utf-8", "replace"))
            self.shown += text
            self.seen += text


@contextmanager
def at_terminal(
    line: list[str],
    directory: Path,
    **environment: str,
) -> Iterator[Shell]:
    """A process that has a terminal, until it is not needed any more."""
    import pty
    import termios

    own, other = pty.openpty()
    termios.tcsetwinsize(other, (60, 200))
    process = subprocess.Popen(
        line,
        cwd=directory,
        env=_environment(environment),
        stdin=other,
        stdout=other,
        stderr=other,
        preexec_fn=lambda: os.login_tty(other),  # fish wants to be the one whose terminal it is
        pass_fds=[other],
    )
    os.close(other)
    try:
        yield Shell(own)
    finally:
        process.kill()
        process.wait()
        os.close(own)


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    path = f"{_DIRECTORY}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "TERM": "xterm", "LC_ALL": "C.UTF-8", **more}


@contextmanager
def shell_with_completions(
    name: str,
    directory: Path,
    home: Path,
) -> Iterator[Shell]:
    """bash, zsh or fish with our completions, in a home where nothing else is."""
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    home.mkdir()
    arguments = _PREPARED[name](home)
    with at_terminal([program, *arguments], directory, HOME=str(home)) as shell:
        shell.type("echo rea''dy\n")
        shell.wait_for("ready\n")
        yield shell


def _bash(home: Path) -> list[str]:
    start = home / "start"
    start.write_text(
        f"PS1='$ '\nsource '{SCRIPTS}/git-muse-coord.bash'\n"
        "bind 'set enable-bracketed-paste off' 'set completion-query-items 0'\n"
        "bind 'set show-all-if-ambiguous on'\nbind 'set page-completions off'\n"
    )
    gits_own = Path("/usr/share/bash-completion/completions/git")
    if gits_own.exists():
        with start.open("a") as file:
            file.write(f"source {gits_own}\n")
    return ["--noprofile", "--rcfile", str(start), "-i"]


def _zsh(home: Path) -> list[str]:
    functions = home / "functions"
    functions.mkdir()
    shutil.copy(SCRIPTS / "git-muse-coord.zsh", functions / "_git-muse-coord")
    (home / ".zshrc").write_text(
        f"PS1='$ '\nunsetopt zle_bracketed_paste\nfpath=('{functions}' $fpath)\n"
        "autoload -Uz compinit\ncompinit -u -D\nunset zle_bracketed_paste\n"
    )
    return ["-i"]


def _fish(home: Path) -> list[str]:
    share = home / ".local" / "share" / "fish"
    for folder, source in (
        ("vendor_completions.d", "git-muse-coord.fish"),
        ("vendor_conf.d", "git-muse-coord.of-git.fish"),
    ):
        (share / folder).mkdir(parents=True)
        shutil.copy(SCRIPTS / source, share / folder / "git-muse-coord.fish")
    return ["-i", "-C", "function fish_prompt; echo '$ '; end; function fish_greeting; end"]


_PREPARED = {"bash": _bash, "zsh": _zsh, "fish": _fish}
