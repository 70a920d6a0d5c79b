"""The locks that a git which was killed leaves in the way of every other, and when they may be taken away.

``packed-refs.lock`` stops each deletion of a ref, ``git gc`` and ``git fetch --prune``, whoever
left it; a lock beside a single ref stops only that ref. A lock is left behind when it is old,
nobody touches it while we watch, and no process is known that may hold it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from git_muse_coord.store.git import processes
from git_muse_coord.store.git.process import Git
from git_muse_coord.store.git.regular_file import names_in_folder

STALE_SECONDS = 600
"""A lock file this old was left behind by a process that died."""

WATCH_SECONDS = 15.0
_GLANCE_SECONDS = 0.5

LEFT = "left by a git that died: git gc fails, and so does every deletion of a ref"
HELD = "old, but a git at work here may hold it"

_PACKED = ("packed-refs.new", "packed-refs.lock")
"""In the order in which they are taken away: nobody makes the first without having made the second."""


Stamp = tuple[int, int, int]
"""Inode, time and size of a file, which change when somebody else makes or writes it."""


class Left(NamedTuple):
    """A file that is left: its name in the git directory, and the process that may hold it all the same."""

    name: str
    holder: int | None

    @property
    def reason(self) -> str:
        """What is wrong with it."""
        if self.holder is None:
            return LEFT
        return HELD

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
        answer = git.ask("rev-parse", "--path-format=absolute", "--git-common-dir")
        common_dir = answer.text.rstrip("\n")
        return cls(git, common_dir)

    def packed(self) -> list[Left]:
        """What a git that was killed left of its work on ``packed-refs``; nothing where any of it is young."""
        names = list(self._stamps())
        paths = [self._path(name) for name in names]
        if not paths:
            return []
        if not all(map(is_stale, paths)):
            return []
        holder = self.holder(paths)
        return [Left(name, holder) for name in names]

    @property
    def advice(self) -> str | None:
        """What to do about them, for whom they stopped."""
        left = self.packed()
        if not left:
            return None
        return left[0].remedy

    def remove_packed(self, tell: Callable[[str], None]) -> list[str]:
        """Take away what is left of a work on ``packed-refs``, after watching it for a while. Returns the names."""
        left = self.packed()
        if not left or _is_held(left):
            return []
        tell(f"watching {left[-1].name}, which a git that died seems to have left")
        before = self._stamps()
        if not self._rests(before):
            return []
        # a process may have begun to use it while we watched
        if _is_held(self.packed()):
            return []
        if self._stamps() != before:
            return []
        removed: list[str] = []
        for name in before:
            path = self._path(name)
            if _unlink(path):
                removed.append(name)
        return removed

    def _rests(self, before: Mapping[str, Stamp]) -> bool:
        """Watch the files for a while: whether nobody touches them."""
        give_up = time.monotonic() + WATCH_SECONDS
        while time.monotonic() < give_up:
            time.sleep(_GLANCE_SECONDS)
            if self._stamps() != before:
                return False
        return True

    def unlock(self, refs: Sequence[str]) -> bool:
        """Take away the locks that dead processes left on some refs. False: there are none."""
        stale: list[str] = []
        for ref in refs:
            lock = self._path(f"{ref}.lock")
            if is_stale(lock):
                stale.append(lock)
        if not stale:
            return False
        if self.holder(stale) is not None:
            return False
        # all of them, and not only the first that goes
        removed = list(filter(_unlink, stale))
        return bool(removed)

    def holder(self, paths: Sequence[str]) -> int | None:
        """A process that may hold some lock files."""
        # not the time of the contents, which anybody can set
        last_change = 0.0
        for path in paths:
            facts = _facts(path)
            if facts is not None:
                last_change = max(last_change, facts.st_ctime)
        files = [os.path.realpath(path) for path in paths]
        directories = [self._common_dir, *self._worktrees()]
        places = {os.path.realpath(directory) for directory in directories}
        return processes.user_of(files, places, last_change)

    def _worktrees(self) -> list[str]:
        """The directories in which a git of any worktree runs: the worktrees, and what is private to each."""
        places: list[str] = []
        answer = self._git.ask("worktree", "list", "--porcelain")
        for line in answer.text.splitlines():
            if line.startswith("worktree "):
                place = line.removeprefix("worktree ")
                places.append(place)
        private = os.path.join(self._common_dir, "worktrees")
        for name in names_in_folder(private):
            place = os.path.join(private, name)
            places.append(place)
        return places

    def _stamps(self) -> dict[str, Stamp]:
        """The files that are there."""
        stamps: dict[str, Stamp] = {}
        for name in _PACKED:
            path = self._path(name)
            facts = _facts(path)
            if facts is not None:
                stamps[name] = _stamp(facts)
        return stamps

    def _path(self, name: str) -> str:
        parts = name.split("/")
        return os.path.join(self._common_dir, *parts)


def _stamp(facts: os.stat_result) -> Stamp:
    return facts.st_ino, facts.st_mtime_ns, facts.st_size


def _is_held(left: Sequence[Left]) -> bool:
    return any(file.holder for file in left)


def is_stale(path: str) -> bool:
    """Whether a file is there and has not been touched for so long that its writer must have died."""
    facts = _facts(path)
    if facts is None:
        return False
    age = time.time() - facts.st_mtime
    return age > STALE_SECONDS


def _facts(path: str) -> os.stat_result | None:
    """What lies at a path, not where a link there leads; None where it is gone: its writer is done."""
    try:
        return os.lstat(path)
    except OSError:
        return None


def _unlink(path: str) -> bool:
    is_link = os.path.islink(path)
    try:
        if os.path.isdir(path) and not is_link:
            os.rmdir(path)  # an empty one stops git as a file does
        else:
            os.unlink(path)
    except OSError:
        return False
    return True
