"""The contents of files as git stores or would store them: ids for files on disk, and bytes by id.

Nothing is written: a file is hashed by git, with the filters of its path, and read here, or by git
where more than line ends differ from what lies on disk.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence

from git_muse_coord.store.git.cleaned import cleaned, hashed
from git_muse_coord.store.git.objects import Objects, blob_oid
from git_muse_coord.store.git.repository import Repository
from git_muse_coord.store.git.trees import Version

_AT_ONCE = 100
"""So many blobs of at most 1 MiB are in memory together."""


class Contents:
    """Contents of one repository, by object id, of at most ``limit`` bytes each."""

    def __init__(self, repository: Repository, limit: int) -> None:
        self._repository = repository
        self._objects = Objects(repository)
        self._limit = limit
        self._on_disk: dict[str, str] = {}
        """Paths of the working tree, by the id that git gives to what lies there."""

    def hashed(self, files: Mapping[str, Version]) -> dict[str, Version]:
        """The same versions, with ids for those that had none. One that is too large or cannot be read keeps none."""
        waiting = [path for path, version in files.items() if version.is_file and not version.oid]
        waiting = [path for path in waiting if self._size(path) <= self._limit]
        oids = hashed(self._repository.git, waiting)
        self._on_disk.update((oid, path) for path, oid in oids.items())
        for path, version in files.items():
            if version.mode == "120000" and not version.oid:
                oids[path] = self._hash_link(path)
        return {
            path: Version(one.mode, one.oid or oids.get(path, "")) for path, one in files.items()
        }

    def read(self, oids: Sequence[str]) -> Iterator[bytes | None]:
        """The bytes of each in turn; None for one that is not here, or is too large."""
        for start in range(0, len(oids), _AT_ONCE):
            batch = oids[start : start + _AT_ONCE]
            on_disk = {oid: self._on_disk[oid] for oid in batch if oid in self._on_disk}
            found = {
                oid: data
                for oid, path in on_disk.items()
                if (data := self._as_is(path, oid)) is not None
            }
            rest = list(dict.fromkeys(oid for oid in batch if oid not in found))
            found.update(self._stored(rest))
            changed = {oid: path for oid, path in on_disk.items() if oid not in found}
            found.update(cleaned(self._repository, changed, self._limit) if changed else {})
            yield from (found.get(oid) for oid in batch)

    def read_now(self, path: str) -> bytes | None:
        """The bytes of a regular file on disk as they are; None for anything else, and for what is too large."""
        full = os.path.join(self._repository.top or "", path)
        try:
            if not stat.S_ISREG(os.lstat(full).st_mode):
                return None
            with open(full, "rb") as file:
                data = file.read(self._limit + 1)
        except (OSError, ValueError):
            return None
        return data if len(data) <= self._limit else None

    def oid(self, data: bytes) -> str:
        """The id that git gives to a file with these bytes, if no filter changes them."""
        return blob_oid(data, self._repository.object_format)

    def _size(self, path: str) -> int:
        try:
            return os.lstat(os.path.join(self._repository.top or "", path)).st_size
        except OSError:
            return 0

    def _as_is(self, path: str, oid: str) -> bytes | None:
        """What a file holds, if git changes nothing, or line ends alone, before it stores it; None if it does more."""
        data = self.read_now(path)
        if data is None or self.oid(data) == oid:
            return data
        unix = data.replace(b"\r\n", b"\n")
        return unix if self.oid(unix) == oid else None

    def _stored(self, oids: Sequence[str]) -> dict[str, bytes]:
        found = self._objects.read(oids, self._limit) if oids else ()
        return {one.oid: one.blob for one in found if one.blob is not None}

    def _hash_link(self, path: str) -> str:
        try:
            return self.oid(
                os.fsencode(os.readlink(os.path.join(self._repository.top or "", path)))
            )
        except OSError:
            return ""
