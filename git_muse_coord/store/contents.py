"""The contents of files as git stores or would store them: ids for files on disk, and bytes by id.

Nothing is written: a file is hashed by git, with the filters of its path, and read here.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence

from git_muse_coord.store.objects import Objects, blob_oid
from git_muse_coord.store.repository import Repository
from git_muse_coord.store.trees import Version

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
        oids = self._hash(waiting)
        self._on_disk.update((oid, path) for path, oid in oids.items())
        for path, version in files.items():
            if version.mode == "120000" and not version.oid:
                oids[path] = self._hash_link(path)
        return {path: Version(one.mode, one.oid or oids.get(path, "")) for path, one in files.items()}

    def read(self, oids: Sequence[str]) -> Iterator[bytes | None]:
        """The bytes of each in turn; None for one that is not here, or is too large."""
        for start in range(0, len(oids), _AT_ONCE):
            batch = oids[start : start + _AT_ONCE]
            found = {oid: self._from_disk(oid) for oid in batch if oid in self._on_disk}
            stored = list(dict.fromkeys(oid for oid in batch if found.get(oid) is None))
            found.update((one.oid, one.blob) for one in (self._objects.read(stored, self._limit) if stored else ()))
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

    def _from_disk(self, oid: str) -> bytes | None:
        data = self.read_now(self._on_disk[oid])
        if data is None or self.oid(data) == oid:
            return data
        unix = data.replace(b"\r\n", b"\n")
        return unix if self.oid(unix) == oid else None  # another filter, or it has just changed

    def _hash(self, paths: Sequence[str]) -> dict[str, str]:
        """What git would name each file; those that it cannot read are left out."""
        found: dict[str, str] = {}
        rest = list(paths)
        while rest:
            given = b"".join(_quoted(path) + b"\n" for path in rest)
            told = self._repository.git.ask("hash-object", "--stdin-paths", given=given).out.decode().split()
            found.update(zip(rest, told, strict=False))
            rest = rest[len(told) + 1 :]  # git stops at a file that it cannot read
        return found

    def _hash_link(self, path: str) -> str:
        try:
            return self.oid(os.fsencode(os.readlink(os.path.join(self._repository.top or "", path))))
        except OSError:
            return ""


def _quoted(path: str) -> bytes:
    """A path as git reads it from a line: quoted where it begins with a quote or breaks the line."""
    raw = os.fsencode(path)
    if not raw.startswith(b'"') and b"\n" not in raw:
        return raw
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
