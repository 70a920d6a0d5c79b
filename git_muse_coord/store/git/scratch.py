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
        ours = [sys.executable, "-P", "-m", __name__.split(".")[0]]
        line = [*ours, *words[2:]] if list(words[:2]) == ["git", "muse-coord"] else list(words)
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
        return done.returncode, done.stdout.decode("utf-8", "replace")


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
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="utf-8") as file:
            file.write(content)
    _git(made, "add", ".")
    _git(made, *_IDENTITY, *_UNSIGNED, "commit", "-q", "-m", message)


def _git(made: Scratch, *words: str) -> None:
    code, said = made.run(["git", *words])
    if code:
        raise StoreFailed(f"git {words[-1]} failed in a new repository: {said.strip()}")


def _environment(ours: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in ours.items() if not name.startswith(("GIT_", "MUSE_"))}
    sealed = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
    }
    return {
        **kept,
        **sealed,
        "NO_COLOR": "1",
        "LC_ALL": "C",
        "PYTHONUTF8": "1",
    }
