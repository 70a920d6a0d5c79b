"""The contents of files as git stores or would store them: ids for files on disk, and bytes by id.

Nothing is written: a file is hashed by git, with the filters of its path, and read here, or by git
where more than line ends differ from what lies on disk.
"""

from __future__ import annotations

import os

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.store.git.cleaned import cleaned, hashed
from git_muse_coord.store.git.objects import Objects, blob_oid
from git_muse_coord.store.git.regular_file import read_regular
from git_muse_coord.store.git.trees import LINK, Version, Versions

if TYPE_CHECKING:
    from collections.abc import (
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )

    from git_muse_coord.store.git.repository import Repository

_AT_ONCE = 100
"""At most so many blobs, of at most 1 MiB each, are in memory together."""


class Contents:
    """Contents of one repository, by object id, of at most ``limit`` bytes each.

    Git keeps no object for a file of the working tree that was not added, so only that ``Contents``
    can read it which hashed it: for any other its id means an object that is not here. Bytes are
    given only if they have the id at the time of reading, so a file that was changed after it was
    hashed reads as None, however long ago that was, never as what it holds now.
    """

    def __init__(self, repository: Repository, limit: int) -> None:
        self._repository = repository
        self._objects = Objects(repository)
        self._limit = limit
        self._path_of: dict[str, str] = {}
        """For an id that ``hashed`` gave, the path of the working tree where that lay at last."""

    def hashed(self, files: Mapping[str, Version]) -> Versions:
        """The same versions, with ids for those that had none.

        What is too large or cannot be read keeps none.
        """
        oids = self._hash_files(files)
        with_ids: Versions = {}
        for path, version in files.items():
            if not version.oid:
                if version.mode == LINK:
                    oid = self._hash_link(path)
                else:
                    oid = oids.get(path, "")
                version = Version(version.mode, oid)
            with_ids[path] = version
        return with_ids

    def read(self, oids: Sequence[str]) -> Iterator[bytes | None]:
        """The bytes of each in turn; None for what is not here any more, or is too large."""
        for start in range(0, len(oids), _AT_ONCE):
            end = start + _AT_ONCE
            batch = oids[start:end]
            contents = self._read_batch(batch)
            for oid in batch:
                yield contents.get(oid)

    def read_now(self, path: str) -> bytes | None:
        """The bytes of a regular file on disk as they are; None for others, and what is too large."""
        full = self._on_disk(path)
        return read_regular(full, self._limit)

    def oid(self, data: bytes) -> str:
        """The id that git gives to a file with these bytes, if no filter changes them."""
        return blob_oid(data, self._repository.object_format)

    def _hash_files(self, files: Mapping[str, Version]) -> dict[str, str]:
        """The ids of the regular files that have none yet, by path."""
        paths: list[str] = []
        for path, version in files.items():
            if version.oid or not version.is_file:
                continue
            size = self._size(path)
            if size <= self._limit:
                paths.append(path)
        git = self._repository.git
        oids = hashed(git, paths)
        for path, oid in oids.items():
            self._path_of[oid] = path
        return oids

    def _read_batch(self, oids: Sequence[str]) -> dict[str, bytes]:
        """The contents that can be had of some ids, by the cheapest way that gives each."""
        contents: dict[str, bytes] = {}
        hashed_here: dict[str, str] = {}
        for oid in oids:
            path = self._path_of.get(oid)
            if path is None:
                continue
            hashed_here[oid] = path
            data = self._read_as_stored(path, oid)
            if data is not None:
                contents[oid] = data
        # what was added since it was hashed is an object, even if the file changed again
        unread = _without(oids, contents)
        contents |= self._objects.contents(unread, self._limit)
        # a filter costs a directory for objects and two processes, so it comes last
        filtered: dict[str, str] = {}
        for oid in _without(hashed_here, contents):
            filtered[oid] = hashed_here[oid]
        if filtered:
            contents |= cleaned(self._repository, filtered, self._limit)
        return contents

    def _read_as_stored(self, path: str, oid: str) -> bytes | None:
        """A file as git would store it, if that is as it lies there, but for line ends at most.

        None if git does more to it, or if the file holds something else by now.
        """
        data = self.read_now(path)
        if data is None:
            return None
        if self.oid(data) == oid:
            return data
        unix = data.replace(b"\r\n", b"\n")
        if self.oid(unix) == oid:
            return unix
        return None

    def _hash_link(self, path: str) -> str:
        """The id of a link, whose contents are the path where it leads; empty if it is gone."""
        full = self._on_disk(path)
        try:
            target = os.readlink(full)
        except OSError:
            return ""
        data = os.fsencode(target)
        return self.oid(data)

    def _size(self, path: str) -> int:
        full = self._on_disk(path)
        try:
            facts = os.lstat(full)
        except OSError:
            return 0
        return facts.st_size

    def _on_disk(self, path: str) -> str:
        top = self._repository.top or ""
        return os.path.join(top, path)


def _without(oids: Iterable[str], contents: Mapping[str, bytes]) -> list[str]:
    """The ids whose contents are still unknown, each once."""
    each_once = dict.fromkeys(oids)
    return [oid for oid in each_once if oid not in contents]
