"""What lies on the way to a path of the working tree: directories, links, other worktrees of the repository."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from typing import TYPE_CHECKING

from git_muse_coord.model.address import directories
from git_muse_coord.store.git.objects import Objects, blob_oid
from git_muse_coord.store.git.repository import Repository

if TYPE_CHECKING:
    from git_muse_coord.store.git.trees import Version

_MOST_BYTES = 4096
"""Longer than any path that a link or a ``.git`` file can hold on most systems."""


class Paths:
    """The paths of one repository as they are now; each directory is looked at once."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._top = repository.top or ""
        self._plain: dict[str, bool] = {}

    def is_plain(self, path: str) -> bool:
        """Whether a path is there, and neither it nor anything on the way is a link or another worktree."""
        if not self._top:
            return False
        try:
            mode = os.lstat(os.path.join(self._top, path)).st_mode
        except (OSError, ValueError):
            return False
        on_the_way = [*directories(path)]
        if path.endswith("/"):
            on_the_way.append(path)
        elif stat.S_ISLNK(mode):
            return False
        # the first is the root itself, which may well be reached by a link
        return all(map(self._is_plain_directory, on_the_way[1:]))

    def nested(self, path: str) -> str | None:
        """A path inside a worktree of this repository that lies in this one, as it is called in there."""
        if not self._top:
            return None
        # the innermost counts, where one worktree lies in another
        for directory in reversed(directories(path)[1:]):
            if self._is_ours(os.path.join(self._top, directory)):
                return path[len(directory) :]
        return None

    def inside(self, path: str) -> str | None:
        """An absolute path from the root of that worktree of this repository in which it lies."""
        # as it is written first: what is behind a link in the worktree is named by the link
        for form in (os.path.normpath(path), os.path.realpath(path)):
            parts = form.replace(os.sep, "/").rstrip("/").split("/")
            for length in range(len(parts), 0, -1):
                directory = "/".join(parts[:length]) or "/"
                if self._is_root(directory):
                    return "/".join(parts[length:])
        return None

    def link(self, path: str, oid: str) -> str | None:
        """What a link holds whose object is given: read from disk where it is the same there; None where it is gone."""
        try:
            target = os.fsencode(os.readlink(os.path.join(self._top, path)))
        except (OSError, ValueError):
            target = b""
        if blob_oid(target, self._repository.object_format) != oid:
            (stored,) = Objects(self._repository).read([oid], _MOST_BYTES)
            target = stored.blob or b""
        return os.fsdecode(target) or None

    def entries(
        self, paths: Sequence[str] = (), *, ignore_case: bool = False
    ) -> dict[str, Version]:
        """The index at and below some paths, or all of it; in a bare repository all of HEAD's tree."""
        from git_muse_coord.store.git.trees import Version, rows

        git = self._repository.git
        versions = {}
        if not self._top:
            # not run: before the first commit there is no HEAD, and so nothing in it
            listed = git.ask("ls-tree", "-z", "-r", "--full-tree", "HEAD").out
            for (mode, _, oid), path in rows(listed):
                versions[path] = Version(mode, oid)
            return versions
        magic = "top,icase,literal" if ignore_case else "top,literal"
        patterns = [f":({magic}){path}" for path in paths]
        if not patterns:
            patterns = [":/"]
        listed = git.run("ls-files", "-z", "-s", "--full-name", "--", *patterns)
        for (mode, oid, _), path in rows(listed):
            versions[path] = Version(mode, oid)
        return versions

    def _is_plain_directory(self, directory: str) -> bool:
        is_plain = self._plain.get(directory)
        if is_plain is None:
            is_plain = _is_plain_directory(os.path.join(self._top, directory.rstrip("/")))
            self._plain[directory] = is_plain
        return is_plain

    def _is_root(self, directory: str) -> bool:
        """As ``_is_ours``; the root of this worktree need not hold its ``.git``, which GIT_DIR may name."""
        if self._is_ours(directory):
            return True
        return bool(self._top) and os.path.realpath(directory) == self._top

    def _is_ours(self, directory: str) -> bool:
        """Whether a directory is the root of a worktree of this repository."""
        shared = _common_directory(directory)
        if shared is None:
            return False
        return os.path.realpath(shared) == os.path.realpath(self._repository.common_dir)


def _is_plain_directory(place: str) -> bool:
    """Whether a directory is here, and neither a link nor the root of another repository or worktree."""
    try:
        mode = os.lstat(place).st_mode
    except OSError:
        return False
    return stat.S_ISDIR(mode) and not os.path.lexists(os.path.join(place, ".git"))


def _common_directory(worktree: str) -> str | None:
    """The directory that all worktrees of a repository share, for the root of one; None where it is none."""
    place = os.path.join(worktree, ".git")
    if os.path.isfile(place):
        named = _line(place)
        if not named.startswith("gitdir: "):
            return None
        place = os.path.join(worktree, named.removeprefix("gitdir: "))
    elif not os.path.isdir(place):
        return None
    return os.path.join(place, _line(os.path.join(place, "commondir")))


def _line(path: str) -> str:
    """The text of a small file without its line end; empty where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return os.fsdecode(file.read(_MOST_BYTES)).rstrip("\r\n")
    except (OSError, ValueError):
        return ""
