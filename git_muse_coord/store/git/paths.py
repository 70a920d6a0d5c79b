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
        if not path.endswith("/"):
            return not stat.S_ISLNK(mode) and all(
                map(self._is_plain_directory, directories(path)[1:])
            )
        return all(map(self._is_plain_directory, [*directories(path), path][1:]))

    def nested(self, path: str) -> str | None:
        """A path inside a worktree of this repository that lies in this one, as it is called in there."""
        for directory in reversed(directories(path)[1:]) if self._top else ():
            if self._is_ours(os.path.join(self._top, directory)):
                return path[len(directory) :]
        return None

    def inside(self, path: str) -> str | None:
        """An absolute path from the root of that worktree of this repository in which it lies."""
        for form in (os.path.normpath(path), os.path.realpath(path)):
            parts = form.replace(os.sep, "/").rstrip("/").split("/")
            for length in range(len(parts), 0, -1):
                directory = "/".join(parts[:length]) or "/"
                if self._is_ours(directory) or (
                    self._top and os.path.realpath(directory) == self._top
                ):
                    return "/".join(parts[length:])
        return None

    def link(self, path: str, oid: str) -> str | None:
        """What a link holds whose object is given: read from disk where it is the same there; None where it is gone."""
        try:
            target = os.fsencode(os.readlink(os.path.join(self._top, path)))
        except (OSError, ValueError):
            target = b""
        if blob_oid(target, self._repository.object_format) != oid:
            (found,) = Objects(self._repository).read([oid], _MOST_BYTES)
            target = found.blob or b""
        return os.fsdecode(target) or None

    def entries(
        self, paths: Sequence[str] = (), *, ignore_case: bool = False
    ) -> dict[str, Version]:
        """The index at and below some paths, or all of it; in a bare repository all of HEAD's tree."""
        from git_muse_coord.store.git.trees import Version, rows

        if not self._top:
            told = self._repository.git.ask("ls-tree", "-z", "-r", "--full-tree", "HEAD").out
            return {path: Version(facts[0], facts[2]) for facts, path in rows(told)}
        magic = "top,icase,literal" if ignore_case else "top,literal"
        where = [f":({magic}){path}" for path in paths] or [":/"]
        told = self._repository.git.run("ls-files", "-z", "-s", "--full-name", "--", *where)
        return {path: Version(facts[0], facts[1]) for facts, path in rows(told)}

    def _is_plain_directory(self, directory: str) -> bool:
        known = self._plain.get(directory)
        if known is None:
            full = os.path.join(self._top, directory.rstrip("/"))
            try:
                known = stat.S_ISDIR(os.lstat(full).st_mode) and not os.path.lexists(
                    os.path.join(full, ".git")
                )
            except OSError:
                known = False
            self._plain[directory] = known
        return known

    def _is_ours(self, directory: str) -> bool:
        """Whether a directory is the root of a worktree of this repository."""
        shared = _common_directory(directory)
        return shared is not None and os.path.realpath(shared) == os.path.realpath(
            self._repository.common_dir
        )


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
