"""The configuration of a repository, as it is now, in a process that stays.

To ask git costs 2 ms, half of what a reservation takes in such a process. So git is asked again
only when one of the files changed that it reads.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from git_muse_coord.store.git.config_listing import LIST_CONFIG, values_of, without_origins
from git_muse_coord.store.git.process import Git

Stamp = tuple[int, int, int] | None
"""What tells that a file was changed: time, size, inode, since git replaces the file; None: no file."""


class _Reading(NamedTuple):
    listing: bytes
    stamps: dict[str, Stamp]


class Configuration:
    """The configuration of one repository, for a process that stays.

    A change is noticed in every file that holds a value, in those that an include names, be they
    there or not, and in the usual files of the system, the user, the repository and the worktree. A
    change of the process's own environment is not: git gets that of the beginning.
    """

    def __init__(
        self,
        git: Git,
        common_dir: str,
        git_dir: str,
        top: str | None,
    ) -> None:
        self._git = git
        self._git_dir = git_dir
        # git enters this directory, and tells the names of files from there
        self._start = top or git_dir
        self._usual = [
            os.path.join(common_dir, "config"),
            os.path.join(git_dir, "config.worktree"),
            *_outside_files(),
        ]
        self._reading = self._read()

    @property
    def listing(self) -> bytes:
        """What ``git config`` lists now, as ``Settings`` reads it."""
        reading = self._reading
        if _stamps(reading.stamps) != reading.stamps:
            # one assignment, because the threads of a library's caller share this
            self._reading = reading = self._read(reading)
        return reading.listing

    def _read(self, known: _Reading | None = None) -> _Reading:
        """Ask git, until it names no file that was not looked at before it read them.

        A file that is looked at afterwards could have been changed in between, unnoticed for ever.
        """
        files = set(self._usual)
        if known is not None:
            files = set(known.stamps)
        while True:
            stamps = _stamps(files)
            answer = self._git.ask(*LIST_CONFIG)
            if answer.code and known is not None:
                # somebody is in the middle of an edit by hand: what was sound holds until it is again
                return known
            listed = answer.out
            named = set(self._files_behind(listed))
            if named <= files:
                return _Reading(without_origins(listed), stamps)
            files |= named

    def _files_behind(self, listed: bytes) -> Iterator[str]:
        """The files whose change can change some values."""
        for _, origin, name, text in values_of(listed):
            if not origin.startswith(b"file:"):
                continue
            path = os.fsdecode(origin.removeprefix(b"file:"))
            file = os.path.join(self._start, path)
            yield file
            key = os.fsdecode(name)
            if key == "include.path" or _is_conditional(key):
                written = os.fsdecode(text)
                included = os.path.expanduser(written)
                # relative to the file that includes it
                folder = os.path.dirname(file)
                yield os.path.join(folder, included)
            if key.startswith("includeif.onbranch:"):
                yield os.path.join(self._git_dir, "HEAD")


def _is_conditional(key: str) -> bool:
    return key.startswith("includeif.") and key.endswith(".path")


def _outside_files() -> list[str]:
    """Where git looks for the configuration of the system and of the user, as a rule."""
    variables = os.environ
    of_system = variables.get("GIT_CONFIG_SYSTEM") or "/etc/gitconfig"
    # the variable takes the place of both files of the user
    of_user = variables.get("GIT_CONFIG_GLOBAL")
    if of_user is not None:
        return [of_system, of_user]
    folder = variables.get("XDG_CONFIG_HOME")
    if not folder:
        folder = os.path.expanduser("~/.config")
    return [
        of_system,
        os.path.expanduser("~/.gitconfig"),
        os.path.join(folder, "git", "config"),
    ]


def _stamps(files: Iterable[str]) -> dict[str, Stamp]:
    stamps: dict[str, Stamp] = {}
    for file in files:
        stamps[file] = _stamp(file)
    return stamps


def _stamp(file: str) -> Stamp:
    try:
        facts = os.stat(file)
    except (OSError, ValueError):
        return None
    return facts.st_mtime_ns, facts.st_size, facts.st_ino
