"""What lies on the way to a path of the working tree: directories, links, other worktrees of the repository."""

from __future__ import annotations

import os
import stat

from git_muse_coord.model.address import directories
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.store.git.objects import Objects, blob_oid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from git_muse_coord.store.git.repository import Repository
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
        full = os.path.join(self._top, path)
        try:
            mode = os.lstat(full).st_mode
        except (OSError, ValueError):
            return False
        on_the_way = list(directories(path))
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
        inner_directories = directories(path)[1:]
        # the innermost counts, where one worktree lies in another
        for directory in reversed(inner_directories):
            full = os.path.join(self._top, directory)
            if self._is_ours(full):
                return path.removeprefix(directory)
        return None

    def inside(self, path: str) -> str | None:
        """An absolute path from the root of that worktree of this repository in which it lies."""
        # as it is written first: what is behind a link in the worktree is named by the link
        written = os.path.normpath(path)
        real = os.path.realpath(path)
        for form in (written, real):
            parts = form.replace(os.sep, "/").rstrip("/").split("/")
            for length in range(len(parts), 0, -1):
                directory = "/".join(parts[:length])
                if self._is_root(directory or "/"):
                    return "/".join(parts[length:])
        return None

    def link(self, path: str, oid: str) -> str | None:
        """What a link holds whose object is given: read from disk where it is the same there; None where it is gone."""
        full = os.path.join(self._top, path)
        try:
            target = os.fsencode(os.readlink(full))
        except (OSError, ValueError):
            target = b""
        if blob_oid(target, self._repository.object_format) != oid:
            objects = Objects(self._repository)
            (stored,) = objects.read([oid], _MOST_BYTES)
            target = stored.blob or b""
        return os.fsdecode(target) or None

    def entries(
        self, paths: Sequence[str] = (), *, ignore_case: bool = False
    ) -> dict[str, Version]:
        """The index at and below some paths, or all of it; in a bare repository all of HEAD's tree."""
        from git_muse_coord.store.git.trees import Version, rows

        git = self._repository.git
        versions: dict[str, Version] = {}
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
        if directory not in self._plain:
            place = os.path.join(self._top, directory.rstrip("/"))
            self._plain[directory] = _is_plain_directory(place)
        return self._plain[directory]

    def _is_root(self, directory: str) -> bool:
        """As ``_is_ours``; the root of this worktree need not hold its ``.git``, which GIT_DIR may name."""
        if self._is_ours(directory):
            return True
        if not self._top:
            return False
        return os.path.realpath(directory) == self._top

    def _is_ours(self, directory: str) -> bool:
        """Whether a directory is the root of a worktree of this repository."""
        shared = _common_directory(directory)
        if shared is None:
            return False
        ours = os.path.realpath(self._repository.common_dir)
        return os.path.realpath(shared) == ours


def _is_plain_directory(place: str) -> bool:
    """Whether a directory is here, and neither a link nor the root of another repository or worktree."""
    try:
        mode = os.lstat(place).st_mode
    except OSError:
        return False
    if not stat.S_ISDIR(mode):
        return False
    inner_git = os.path.join(place, ".git")
    return not os.path.lexists(inner_git)


def _common_directory(worktree: str) -> str | None:
    """The directory that all worktrees of a repository share, for the root of one; None where it is none."""
    git_dir = os.path.join(worktree, ".git")
    # In a linked worktree and in a submodule it is a file that names the directory.
    if os.path.isfile(git_dir):
        named = _line(git_dir)
        if not named.startswith("gitdir: "):
            return None
        git_dir = os.path.join(worktree, named.removeprefix("gitdir: "))
    elif not os.path.isdir(git_dir):
        return None
    # Only a linked worktree has this file; without it the directory is its own common one.
    common = _line(os.path.join(git_dir, "commondir"))
    return os.path.join(git_dir, common)


def _line(path: str) -> str:
    """The text of a small file without its line end; empty where it cannot be read."""
    try:
        with open(path, "rb") as file:
            text = file.read(_MOST_BYTES)
    except (OSError, ValueError):
        return ""
    return os.fsdecode(text).rstrip("\r\n")
