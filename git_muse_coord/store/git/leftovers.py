"""The locks that a git which was killed leaves in the way of every other, and when they may be taken away.

``packed-refs.lock`` stops each deletion of a ref, ``git gc`` and ``git fetch --prune``, whoever
left it; a lock beside a single ref stops only that ref. A lock is left behind when it is old,
nobody touches it while we watch, and no process is known that may hold it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from git_muse_coord.store.git import processes
from git_muse_coord.store.git.process import Git

STALE_SECONDS = 600
"""A lock file this old was left behind by a process that died."""

WATCH_SECONDS = 15.0
_GLANCE_SECONDS = 0.5

LEFT = "left by a git that died: git gc fails, and so does every deletion of a ref"
HELD = "old, but a git at work here may hold it"

_PACKED = ("packed-refs.new", "packed-refs.lock")
"""In the order in which they are taken away: nobody makes the first without having made the second."""


class Left(NamedTuple):
    """A file that is left: its name in the git directory, and the process that may hold it all the same."""

    name: str
    holder: int | None

    @property
    def reason(self) -> str:
        """What is wrong with it."""
        return LEFT if self.holder is None else HELD

    @property
    def remedy(self) -> str:
        """What to do about it."""
        if self.holder is None:
            return f"a git that died left {self.name}: git muse-coord fsck --repair takes it away"
        return f"{self.name} is old, and process {self.holder} may hold it: see what it does, or end it"


class Leftovers:
    """What is left in one repository."""

    def __init__(self, git: Git, common_dir: str) -> None:
        self._git = git
        self._common_dir = common_dir

    @classmethod
    def of(cls, git: Git) -> Leftovers:
        """Those of the repository in which git runs."""
        told = git.ask("rev-parse", "--path-format=absolute", "--git-common-dir").out
        return cls(git, os.fsdecode(told.rstrip(b"\n")))

    def packed(self) -> list[Left]:
        """What a git that was killed left of its work on ``packed-refs``; nothing where any of it is young."""
        there = self._stamps()
        paths = [self._path(name) for name in there]
        if not there or not all(is_stale(path) for path in paths):
            return []
        holder = self.holder(paths)
        return [Left(name, holder) for name in there]

    @property
    def advice(self) -> str | None:
        """What to do about them, for whom they stopped."""
        return next((left.remedy for left in self.packed()), None)

    def remove_packed(self, tell: Callable[[str], None]) -> list[str]:
        """Take away what is left of a work on ``packed-refs``, after watching it for a while. Returns the names."""
        left = self.packed()
        if not left or any(one.holder for one in left):
            return []
        tell(f"watching {left[-1].name}, which a git that died seems to have left")
        before = self._stamps()
        give_up = time.monotonic() + WATCH_SECONDS
        while time.monotonic() < give_up:
            time.sleep(_GLANCE_SECONDS)
            if self._stamps() != before:
                return []  # somebody is at work
        if any(one.holder for one in self.packed()) or self._stamps() != before:
            return []
        return [name for name in before if _unlink(self._path(name))]

    def unlock(self, refs: Sequence[str]) -> bool:
        """Take away the locks that dead processes left on some refs. False: there are none."""
        locks = [path for ref in refs if is_stale(path := self._path(f"{ref}.lock"))]
        if not locks or self.holder(locks) is not None:
            return False
        gone = [path for path in locks if _unlink(path)]
        return bool(gone)

    def holder(self, paths: Sequence[str]) -> int | None:
        """A process that may hold some lock files."""
        changed = [facts.st_ctime for facts in map(_facts, paths) if facts is not None]
        places = {os.path.realpath(place) for place in (self._common_dir, *self._worktrees())}
        return processes.user_of(
            [os.path.realpath(path) for path in paths], places, max(changed, default=0.0)
        )

    def _worktrees(self) -> list[str]:
        told = os.fsdecode(self._git.ask("worktree", "list", "--porcelain").out).splitlines()
        places = [line.removeprefix("worktree ") for line in told if line.startswith("worktree ")]
        private = os.path.join(self._common_dir, "worktrees")
        return [*places, *(os.path.join(private, name) for name in _names(private))]

    def _stamps(self) -> dict[str, tuple[int, int, int]]:
        """The files that are there, and what changes when somebody else makes or writes them."""
        found = {}
        for name in _PACKED:
            facts = _facts(self._path(name))
            if facts is not None:
                found[name] = (facts.st_ino, facts.st_mtime_ns, facts.st_size)
        return found

    def _path(self, name: str) -> str:
        return os.path.join(self._common_dir, *name.split("/"))


def is_stale(path: str) -> bool:
    """Whether a file is there and has not been touched for so long that its writer must have died."""
    facts = _facts(path)
    return facts is not None and time.time() - facts.st_mtime > STALE_SECONDS


def _facts(path: str) -> os.stat_result | None:
    """What lies at a path, not where a link there leads; None where it is gone: its writer is done."""
    try:
        return os.lstat(path)
    except OSError:
        return None


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _unlink(path: str) -> bool:
    try:
        if os.path.isdir(path) and not os.path.islink(path):
            os.rmdir(path)  # an empty one stops git as a file does
        else:
            os.unlink(path)
    except OSError:
        return False
    return True
