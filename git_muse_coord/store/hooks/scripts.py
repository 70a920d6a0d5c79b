"""The text of hook scripts: our lines, where they go in a script of somebody else, and how they come out again.

Pure functions over bytes. Everything that undoing needs is in the text itself, so that no list of
what was done can be lost or grow stale.
"""

from __future__ import annotations

import os

from git_muse_coord.model.later import re
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import cache, suppress

if TYPE_CHECKING:
    from typing import Literal

    Origin = Literal["added", "made", "made with its folder"]
    """How our lines came to be where they are: into a script that was there, or with the file, or with the folder."""

KEPT = ".before-muse-coord"
"""The suffix under which a hook is kept that cannot take our lines; ours runs it."""

SHEBANG = b"#!/bin/sh\n"
_MARK = b"# >>> git-muse-coord >>>"
_BLOCK = (
    rb"(?m)^# >>> git-muse-coord >>>(?P<remark>[^\n]*)\n"
    rb"(?:.*\n)*?# <<< git-muse-coord <<<(?P<end>\r?\n|\Z)"
)
_GIT_DIRECTORY = rb"\.git\b|-git-dir\b|-git-common-dir\b|\bGIT_(?:COMMON_)?DIR\b"
_SHELLS = ("sh", "bash", "dash", "ash", "ksh", "mksh", "zsh")
_PROBED = 8000
"""Bytes of a script in which a null byte shows that it is no text; git looks as far."""
_PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_FOLDERS = (
    os.path.join(_PACKAGE, "share", "hooks"),
    os.path.join(os.path.dirname(_PACKAGE), "hooks"),
)
"""In a wheel, and in a checkout."""


@cache
def shim(name: str) -> bytes:
    """The hook as a file of its own. Raises FileNotFoundError when the installation lacks it."""
    for folder in _FOLDERS:
        path = os.path.join(folder, name)
        with suppress(FileNotFoundError), open(path, "rb") as file:
            return file.read()
    raise FileNotFoundError(f"this installation of git-muse-coord lacks its hook {name}")


def block(name: str, origin: Origin) -> bytes:
    """Our lines, with the marks around them."""
    found = re.search(_BLOCK, shim(name))
    if found is None:
        raise ValueError(f"the hook {name} has no marks")
    remark = f" {origin} by ".encode()
    return found[0].replace(b" made by ", remark, 1)


def made(name: str, with_folder: bool) -> bytes:
    """A hook where there was none."""
    origin: Origin = "made with its folder" if with_folder else "made"
    return SHEBANG + block(name, origin)


def running(name: str) -> bytes:
    """A hook that runs the one kept beside it, as that would have run."""
    run_kept = f'exec "$0{KEPT}" "$@"\n'
    return SHEBANG + block(name, "added") + run_kept.encode()


def command(name: str) -> str:
    """Our lines as the value of ``hook.NAME.command``, to which git adds the arguments."""
    ours = block(name, "added").decode()
    return f"muse_coord() {{\n{ours}}}\nmuse_coord"


def has_block(script: bytes) -> bool:
    """Whether our lines are in a script."""
    return _MARK in script and re.search(_BLOCK, script) is not None


def is_first(script: bytes) -> bool:
    """Whether our lines are the first thing that a script does."""
    found = re.search(_BLOCK, script)
    return found is not None and found.start() == _top(script)


def origin(script: bytes) -> Origin:
    """How our lines came into a script that has them."""
    found = re.search(_BLOCK, script)
    remark = found["remark"] if found else b""
    if b" made with its folder by " in remark:
        return "made with its folder"
    return "made" if b" made by " in remark else "added"


def with_block(script: bytes, name: str) -> bytes:
    """A shell script with our lines at its top: what follows a final ``exec`` would never be reached."""
    script = without_block(script)
    top = _top(script)
    ours = block(name, "added")
    if top and not script.endswith(b"\n", 0, top):  # only a shebang, and no end of line
        return script + b"\n" + ours.rstrip(b"\n")
    return script[:top] + ours + script[top:]


def without_block(script: bytes) -> bytes:
    """A script as it was before ``with_block``, whatever was changed around our lines since."""
    found = re.search(_BLOCK, script) if _MARK in script else None
    if found is None:
        return script
    start = found.start()
    if not found["end"] and script.endswith(b"\n", 0, start):
        # they end the script without a line end: the one before them is ours, as in with_block
        start -= 1
    return script[:start] + script[found.end() :]


def renewed(script: bytes, name: str) -> bytes:
    """A script whose lines of ours are those of this version, where they are."""
    ours = block(name, origin(script))
    return re.sub(
        _BLOCK, lambda found: ours if found["end"] else ours.rstrip(b"\n"), script, count=1
    )


def lines_of(script: bytes) -> list[str]:
    """Our lines in a script."""
    found = re.search(_BLOCK, script)
    return found[0].decode("utf-8", "replace").splitlines() if found else []


def is_shell(script: bytes) -> bool:
    """Whether a POSIX shell runs a script, so that our lines can stand in it."""
    first, _, _ = script.partition(b"\n")
    if not first.startswith(b"#!"):
        return b"\0" not in script[:_PROBED]  # without a shebang git hands it to sh
    words = first[2:].decode("utf-8", "replace").split()
    if words and _base(words[0]) in ("env", "busybox"):
        # the shell is the first word that is no option and sets no variable: env -S A=b sh
        words = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    return bool(words) and _base(words[0]) in _SHELLS


def calls_own(script: bytes, name: str) -> bool:
    """Whether a script that several repositories share seems to run the hook in the git directory of each.

    It must name the git directory and, below ``hooks/``, this hook or a variable.
    """
    code = []
    for line in script.split(b"\n"):
        if not line.lstrip().startswith(b"#"):
            code.append(line)
    text = b"\n".join(code)
    below = rb"hooks[/\"', )]+(?:%s(?![\w-])|\$|`|[\w.]*name\b|\{)" % re.escape(name.encode())
    names_directory = re.search(_GIT_DIRECTORY, text) is not None
    return names_directory and re.search(below, text) is not None


def _base(program: str) -> str:
    return program.rsplit("/", 1)[-1]


def _top(script: bytes) -> int:
    """Where the first line after the shebang begins."""
    if not script.startswith(b"#!"):
        return 0
    end = script.find(b"\n")
    return len(script) if end < 0 else end + 1
