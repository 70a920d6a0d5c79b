"""Git as a user runs it, and what the hooks said."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from tests.tools import Ran, Repo

INVOICE = """\
import os


class Invoice:
    def total(self):
        return sum(self.lines)

    def tax(self):
        return 19


def free():
    return os.name
"""
TOTAL = "invoice.py::Invoice.total"


def run_git(path: Path, *arguments: str, **environment: str) -> Ran:
    """Run git to its end, whatever its exit code."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=path,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


_KIND = r"(?:[a-z]+|now \S+)"


def warned(said: str) -> list[str]:
    """The addresses that a hook warned of."""
    return re.findall(rf"^(?:⚠ |    )(\S+) \({_KIND}\)", said, re.MULTILINE) + re.findall(
        rf"(?<=\), )(\S+) \({_KIND}\)", said
    )


def edit(repo: Repo, *changes: tuple[str, str], name: str = "invoice.py") -> None:
    """Replace texts in a file, each of which must be there."""
    path = repo.path / name
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


TAX_AND_TOTAL = (("return 19", "return 16"), ("sum(self.lines)", "sum(self.lines, 1)"))


def without_the_tool(tmp_path: Path) -> str:
    """A PATH with git and what scripts need, and without our program."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("git", "sh", "cat", "timeout", "echo", "dirname", "basename", "sleep"):
        found = next(
            (
                Path(one) / name
                for one in os.environ["PATH"].split(os.pathsep)
                if (Path(one) / name).exists()
            ),
            None,
        )
        if found is not None:
            (folder / name).symlink_to(found)
    return str(folder)


def stand_in(tmp_path: Path, script: str) -> str:
    """A PATH on which another program has the name of ours."""
    folder = tmp_path / "stand-in"
    folder.mkdir()
    program = folder / "git-muse-coord"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return os.pathsep.join([str(folder), os.environ["PATH"]])
