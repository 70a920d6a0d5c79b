"""A repository that lives for one demonstration, and programs run in it as a user would run them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from git_muse_coord.model.errors import NoRepository, StoreFailed
from git_muse_coord.store.git import temporary

_IDENTITY = ("-c", "user.name=demo", "-c", "user.email=demo@example.invalid")
_UNSIGNED = ("-c", "commit.gpgSign=false", "-c", f"core.hooksPath={os.devnull}")


@dataclass(frozen=True, slots=True)
class Scratch:
    """A repository at ``path``; nothing that runs here sees another repository or the user's settings."""

    path: str

    def run(self, words: Sequence[str]) -> tuple[int, str]:
        """Run a command line; return its exit code, and stdout and stderr as they came.

        ``git muse-coord`` is run as this very program, wherever it is installed.
        """
        line = list(words)
        if line[:2] == ["git", "muse-coord"]:
            package, _, _ = __name__.partition(".")
            line[:2] = [sys.executable, "-P", "-m", package]
        try:
            done = subprocess.run(
                line,
                cwd=self.path,
                env=_environment(os.environ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
        except FileNotFoundError:
            raise NoRepository(
                f"{line[0]} is not on the PATH", "install git 2.31 or newer"
            ) from None
        output = done.stdout.decode("utf-8", "replace")
        return done.returncode, output


@contextmanager
def scratch(
    files: Mapping[str, str],
    branches: Mapping[str, Mapping[str, str]],
    keep: bool = False,
) -> Iterator[Scratch]:
    """A repository with one commit of some files, and branches with one more of theirs. Raises StoreFailed.

    It is gone afterwards, unless ``keep`` and all went well.
    """
    home = temporary.make_folder("demo")
    try:
        made = Scratch(os.path.join(home, "shop"))
        os.mkdir(made.path)
        _git(made, "init", "-q", "-b", "main")
        _commit(made, "A small shop", files)
        for branch, changed in branches.items():
            _git(made, "checkout", "-q", "-b", branch, "main")
            _commit(made, f"The work of {branch}", changed)
        _git(made, "checkout", "-q", "main")
        yield made
    except BaseException:
        keep = False
        raise
    finally:
        if keep:
            temporary.keep(home)
        else:
            temporary.remove(home)


def _commit(
    made: Scratch,
    message: str,
    files: Mapping[str, str],
) -> None:
    for name, content in files.items():
        target = os.path.join(made.path, name)
        folder = os.path.dirname(target)
        os.makedirs(folder, exist_ok=True)
        with open(target, "w", encoding="utf-8") as file:
            file.write(content)
    _git(made, "add", ".")
    _git(made, *_IDENTITY, *_UNSIGNED, "commit", "-q", "-m", message)


def _git(made: Scratch, *words: str) -> None:
    code, said = made.run(["git", *words])
    if code:
        raise StoreFailed(f"git {words[-1]} failed in a new repository: {said.strip()}")


def _environment(ours: Mapping[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for name, value in ours.items():
        # of git's own, and of ours
        if not name.startswith(("GIT_", "MUSE_")):
            kept[name] = value
    return {
        **kept,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "NO_COLOR": "1",
        "LC_ALL": "C",
        "PYTHONUTF8": "1",
    }
