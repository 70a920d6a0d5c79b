"""What can be looked at from outside: the program as git finds it, libgit2, cache files, dangerous configuration."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from git_muse_coord.store.git.objects import MISSING, UNREADABLE
from git_muse_coord.store.git.process import Git
from git_muse_coord.store.git.repository import DIRECTORY
from git_muse_coord.store.records.repair import LOCKED, TORN
from git_muse_coord.store.records.verdicts import BadRef

_BREAKING = (MISSING, UNREADABLE, TORN, LOCKED)


class CacheHealth(NamedTuple):
    """A cache on disk, and whether it can be used."""

    name: str
    path: str
    megabytes: float
    sound: bool


def breaks_git(bad: BadRef) -> bool:
    """Whether a bad ref stands in the way of git itself."""
    return bad.reason in _BREAKING


def program_version(git: Git) -> str | None:
    """The version of the program that git runs as ``git muse-coord``; None when it finds none."""
    answer = git.ask("muse-coord", "--version")
    named = re.search(rb"git-muse-coord (\S+)", answer.out)
    if named is None:
        return None
    return named[1].decode("utf-8", "replace")


def library_version() -> str | None:
    """The versions of pygit2 and libgit2; None when they cannot be loaded."""
    try:
        from importlib.metadata import version

        import pygit2
    except (ImportError, OSError):
        return None
    return f"{version('pygit2')} with libgit2 {pygit2.LIBGIT2_VERSION}"


def caches(common_dir: str) -> Iterator[CacheHealth]:
    """The caches that are there."""
    folder = os.path.join(common_dir, DIRECTORY)
    if not os.path.isdir(folder):
        return
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".sqlite3"):
            continue
        path = os.path.join(folder, name)
        megabytes = os.path.getsize(path) / 1e6
        yield CacheHealth(name, path, megabytes, _is_sound(path))


def dangerous_refspecs(git: Git) -> list[str]:
    """The remotes whose configured fetches would prune our refs."""
    told = git.ask("config", "-z", "--get-regexp", r"^remote\..*\.fetch$")
    rows = os.fsdecode(told.out)
    dangerous: list[str] = []
    for row in rows.split("\0"):
        key, _, value = row.partition("\n")
        # with fetch.prune such a fetch deletes every record that was not pushed yet
        if re.search(r":refs/(muse(/|$)|\*)", value):
            dangerous.append(key)
    return dangerous


def _is_sound(path: str) -> bool:
    if not os.access(path, os.R_OK | os.W_OK):
        return False
    try:
        database = sqlite3.connect(path, timeout=1)
        try:
            # the first thing that is wrong is enough
            [told] = database.execute("PRAGMA quick_check(1)").fetchone()
            return bool(told == "ok")
        finally:
            database.close()
    except (sqlite3.Error, UnicodeDecodeError):
        return False
