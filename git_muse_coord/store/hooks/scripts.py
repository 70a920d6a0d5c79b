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
    from collections.abc import Sequence
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
    ours = _our_lines(shim(name))
    if ours is None:
        raise ValueError(f"the hook {name} has no marks")
    remark = f" {origin} by ".encode()
    return ours[0].replace(b" made by ", remark, 1)


def _our_lines(script: bytes) -> re.Match[bytes] | None:
    """Our lines in a script, marks included; None where it has none."""
    # Most scripts have none, and a search for the mark alone is far quicker.
    if _MARK not in script:
        return None
    return re.search(_BLOCK, script)


def made(name: str, with_folder: bool) -> bytes:
    """A hook where there was none."""
    origin: Origin = "made"
    if with_folder:
        origin = "made with its folder"
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
    return _our_lines(script) is not None


def is_first(script: bytes) -> bool:
    """Whether our lines are the first thing that a script does."""
    ours = _our_lines(script)
    if ours is None:
        return False
    return ours.start() == _top(script)


def origin(script: bytes) -> Origin:
    """How our lines came into a script that has them."""
    ours = _our_lines(script)
    if ours is None:
        return "added"
    remark = ours["remark"]
    if b" made with its folder by " in remark:
        return "made with its folder"
    if b" made by " in remark:
        return "made"
    return "added"


def with_block(script: bytes, name: str) -> bytes:
    """A shell script with our lines at its top: what follows a final ``exec`` would never be reached."""
    script = without_block(script)
    ours = block(name, "added")
    top = _top(script)
    shebang = script[:top]
    if shebang and not shebang.endswith(b"\n"):  # it is all there is, without an end of line
        return shebang + b"\n" + ours.rstrip(b"\n")
    return shebang + ours + script[top:]


def without_block(script: bytes) -> bytes:
    """A script as it was before ``with_block``, whatever was changed around our lines since."""
    ours = _our_lines(script)
    if ours is None:
        return script
    before = script[: ours.start()]
    behind = script[ours.end() :]
    if not ours["end"]:
        # they end the script without a line end: the one before them is ours, as in with_block
        before = before.removesuffix(b"\n")
    return before + behind


def renewed(script: bytes, name: str) -> bytes:
    """A script whose lines of ours are those of this version, where they are."""
    old = _our_lines(script)
    if old is None:
        return script
    new = block(name, origin(script))
    if not old["end"]:
        new = new.rstrip(b"\n")
    return script[: old.start()] + new + script[old.end() :]


def lines_of(script: bytes) -> list[str]:
    """Our lines in a script."""
    ours = _our_lines(script)
    if ours is None:
        return []
    text = ours[0].decode("utf-8", "replace")
    return text.splitlines()


def is_shell(script: bytes) -> bool:
    """Whether a POSIX shell runs a script, so that our lines can stand in it."""
    first_line, _, _ = script.partition(b"\n")
    if not first_line.startswith(b"#!"):
        # without a shebang git hands it to sh
        return b"\0" not in script[:_PROBED]
    text = first_line.removeprefix(b"#!").decode("utf-8", "replace")
    words = text.split()
    if words and _base(words[0]) in ("env", "busybox"):
        words = _without_options(words[1:])
    if not words:
        return False
    return _base(words[0]) in _SHELLS


def _without_options(words: Sequence[str]) -> list[str]:
    """The words that are no option and set no variable: the first is what ``env -S A=b sh`` runs."""
    program: list[str] = []
    for word in words:
        is_option = word.startswith("-")
        if not is_option and "=" not in word:
            program.append(word)
    return program


def calls_own(script: bytes, name: str) -> bool:
    """Whether a script that several repositories share seems to run the hook in the git directory of each.

    It must name the git directory and, below ``hooks/``, this hook or a variable.
    """
    code: list[bytes] = []
    for line in script.split(b"\n"):
        if not line.lstrip().startswith(b"#"):
            code.append(line)
    text = b"\n".join(code)
    if not re.search(_GIT_DIRECTORY, text):
        return False
    quoted_name = re.escape(name.encode())
    hook = rb"hooks[/\"', )]+(?:%s(?![\w-])|\$|`|[\w.]*name\b|\{)" % quoted_name
    return re.search(hook, text) is not None


def _base(program: str) -> str:
    _, _, name = program.rpartition("/")
    return name


def _top(script: bytes) -> int:
    """Where the first line after the shebang begins."""
    if not script.startswith(b"#!"):
        return 0
    end = script.find(b"\n")
    if end < 0:
        return len(script)
    return end + 1
