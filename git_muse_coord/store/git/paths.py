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
    from git_muse_coord.store.git.trees import Versions

_MOST_BYTES = 4096
"""Longer than any path that a link or a ``.git`` file can hold on most systems."""


class Paths:
    """The paths of one repository as they are now; each directory is looked at once."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._top = repository.top or ""
        self._is_plain_by_directory: dict[str, bool] = {}

    def is_plain(self, path: str) -> bool:
        """Whether a path is there, and neither it nor anything on the way is a link or another worktree."""
        if not self._top:
            return False
        full = self._on_disk(path)
        try:
            facts = os.lstat(full)
        except (OSError, ValueError):
            return False
        on_the_way = list(directories(path))
        if path.endswith("/"):
            on_the_way.append(path)
        elif stat.S_ISLNK(facts.st_mode):
            return False
        # the first is the root itself, which may well be reached by a link
        inner_directories = on_the_way[1:]
        return all(map(self._is_plain_directory, inner_directories))

    def nested(self, path: str) -> str | None:
        """A path inside a worktree of this repository that lies in this one, as it is called in there."""
        if not self._top:
            return None
        on_the_way = directories(path)
        # the innermost counts, where one worktree lies in another; the first is this one
        for directory in reversed(on_the_way[1:]):
            full = self._on_disk(directory)
            if self._is_ours(full):
                return path.removeprefix(directory)
        return None

    def inside(self, path: str) -> str | None:
        """An absolute path from the root of that worktree of this repository in which it lies."""
        # as it is written first: what is behind a link in the worktree is named by the link
        written = os.path.normpath(path)
        real = os.path.realpath(path)
        for form in (written, real):
            slashed = form.replace(os.sep, "/")
            parts = slashed.rstrip("/").split("/")
            # the innermost worktree counts
            for length in range(len(parts), 0, -1):
                directory = "/".join(parts[:length])
                if self._is_root(directory or "/"):
                    below = parts[length:]
                    return "/".join(below)
        return None

    def link(self, path: str, oid: str) -> str | None:
        """What a link holds whose object is given: read from disk where it is the same there; None where it is gone."""
        full = self._on_disk(path)
        try:
            target_on_disk = os.readlink(full)
            target = os.fsencode(target_on_disk)
        except (OSError, ValueError):
            target = b""
        object_format = self._repository.object_format
        oid_on_disk = blob_oid(target, object_format)
        if oid_on_disk != oid:
            objects = Objects(self._repository)
            contents = objects.contents([oid], _MOST_BYTES)
            target = contents.get(oid, b"")
        return os.fsdecode(target) or None

    def entries(self, paths: Sequence[str] = (), *, ignore_case: bool = False) -> Versions:
        """The index at and below some paths, or all of it; in a bare repository all of HEAD's tree."""
        from git_muse_coord.store.git import trees

        git = self._repository.git
        if not self._top:
            # not run: before the first commit there is no HEAD, and so nothing in it
            answer = git.ask(*trees.LIST_TREE, "HEAD")
            return trees.versions_in_tree(answer.out)
        magic = "top,literal"
        if ignore_case:
            magic = "top,icase,literal"
        patterns = [f":({magic}){path}" for path in paths]
        if not patterns:
            patterns = [trees.EVERYTHING]
        listed = git.run(*trees.LIST_INDEX, *patterns)
        return trees.versions_in_index(listed)

    def _is_plain_directory(self, directory: str) -> bool:
        is_plain = self._is_plain_by_directory.get(directory)
        if is_plain is None:
            # with a slash at its end a link to a directory would look like one
            without_slash = directory.rstrip("/")
            place = self._on_disk(without_slash)
            is_plain = _is_plain_directory(place)
            self._is_plain_by_directory[directory] = is_plain
        return is_plain

    def _on_disk(self, path: str) -> str:
        return os.path.join(self._top, path)

    def _is_root(self, directory: str) -> bool:
        """As ``_is_ours``; the root of this worktree need not hold its ``.git``, which GIT_DIR may name."""
        if self._is_ours(directory):
            return True
        if not self._top:
            return False
        real = os.path.realpath(directory)
        return real == self._top

    def _is_ours(self, directory: str) -> bool:
        """Whether a directory is the root of a worktree of this repository."""
        common_dir = _common_directory(directory)
        if common_dir is None:
            return False
        theirs = os.path.realpath(common_dir)
        ours = os.path.realpath(self._repository.common_dir)
        return theirs == ours


def _is_plain_directory(place: str) -> bool:
    """Whether a directory is here, and neither a link nor the root of another repository or worktree."""
    try:
        facts = os.lstat(place)
    except OSError:
        return False
    if not stat.S_ISDIR(facts.st_mode):
        return False
    inner_git = os.path.join(place, ".git")
    return not os.path.lexists(inner_git)


def _common_directory(worktree: str) -> str | None:
    """The directory that all worktrees of a repository share, for the root of one; None where it is none."""
    git_dir = os.path.join(worktree, ".git")
    # In a linked worktree and in a submodule it is a file that names the directory.
    if os.path.isfile(git_dir):
        line = _line(git_dir)
        if not line.startswith("gitdir: "):
            return None
        named = line.removeprefix("gitdir: ")
        git_dir = os.path.join(worktree, named)
    elif not os.path.isdir(git_dir):
        return None
    # Only a linked worktree has this file; without it the directory is its own common one.
    pointer = os.path.join(git_dir, "commondir")
    return os.path.join(git_dir, _line(pointer))


def _line(path: str) -> str:
    """The text of a small file without its line end; empty where it cannot be read."""
    try:
        with open(path, "rb") as file:
            beginning = file.read(_MOST_BYTES)
    except (OSError, ValueError):
        return ""
    text = os.fsdecode(beginning)
    return text.rstrip("\r\n")
