"""What ``pre-commit`` leaves for ``post-commit``: the changes in which it met nothing, as git tells them.

The script of ``post-commit`` compares them with those of the commit, and starts our program only
where they differ: because ``pre-commit`` did not run, or looked at something else. Before them
stands the number of the git process that called both hooks: what was met nothing of in a commit
that came to nothing may be reserved by the time the same changes pass ``pre-commit`` by. So one
that is left behind, torn or lost costs time, and no note.
"""

from __future__ import annotations

import os

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import suppress
from git_muse_coord.store.git.process import fields_of
from git_muse_coord.store.hooks import CALLER

if TYPE_CHECKING:
    from git_muse_coord.store.git.repository import Repository

_NAME = "met-nothing"
_UNKNOWN = "1"
"""What shells take for their parent where they cannot tell, as on Windows."""
_MOST_BYTES = 1 << 20
"""For more changes the program may as well be started."""


def paths_in(told: bytes) -> list[str]:
    """The paths of some changes, also of those in which the mode alone differs."""
    return fields_of(told)[1::2]


def remember(repository: Repository, told: bytes) -> None:
    """Leave word that nothing was met in some changes, as ``Trees.staged`` was told them, if that can be done."""
    parent = os.environ.get(CALLER, "")
    is_known = parent.isdecimal() and parent != _UNKNOWN
    # nothing at all would equal a merge, of which git tells nothing
    is_kept = 0 < len(told) <= _MOST_BYTES
    if not is_known or not is_kept:
        forget(repository)
        return
    path = repository.worktree_file(_NAME)
    word = parent.encode() + b"\n" + told
    with suppress(OSError):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(word)


def forget(repository: Repository) -> None:
    """Take back what was left before."""
    path = os.path.join(repository.worktree_folder, _NAME)
    with suppress(OSError):
        os.unlink(path)
