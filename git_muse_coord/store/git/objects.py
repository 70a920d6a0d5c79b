"""Writing and reading blobs, durably and defensively. What the bytes mean is decided elsewhere.

A blob is written into a file of its own, as git does it. Where more than that may be asked for, a
single command has git do it, for which a process is far cheaper than loading libgit2; a process
that stays, or a command that writes many, goes through libgit2 where it can open the repository.
"""

from __future__ import annotations

import os
import sys
import time

from git_muse_coord.model.codec import MAX_RECORD_BYTES
from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple, TypeVar
from git_muse_coord.model.light_hashes import sha1, sha256
from git_muse_coord.store.git import pruning
from git_muse_coord.store.git.loose_objects import blob_header, read_loose, write_loose
from git_muse_coord.store.git.process import input_lines

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Iterator,
        Mapping,
        Sequence,
    )

    import pygit2

    from git_muse_coord.store.git.process import Git
    from git_muse_coord.store.git.repository import Repository

MANY = 32
"""From at least so many blobs on, loading libgit2 (about 70 ms) costs less than a process for each (2 to 3 ms)."""

_ELSEWHERE = "GIT_OBJECT_DIRECTORY"
_TWO_FORMATS = b"\0extensions.compatobjectformat\n"
"""With this setting git notes each object by a second id, too."""
_FEW = 64
"""So many objects are looked for as files before git is asked, which takes two processes."""
_READ_AT_ONCE = 4 << 20
"""Of many objects about so many bytes are asked of one process, and held at one time."""


MISSING = "its object is missing"
UNREADABLE = "its object cannot be read"

T = TypeVar("T")


class StoredObject(NamedTuple):
    """What is behind an object id: bytes, or the reason why there are none."""

    oid: str
    blob: bytes | None
    reason: str = ""


class Objects:
    """The object database of one repository, or the one that ``git`` was told to use there."""

    def __init__(self, repository: Repository, git: Git | None = None) -> None:
        self._repository = repository
        self._git = git or repository.git
        self.common_dir = repository.common_dir
        self._folder = os.path.join(repository.common_dir, "objects")

    def write(self, blobs: Sequence[bytes]) -> list[str]:
        """Store blobs and return their object ids, in order. Raises StoreFailed."""
        oids = self._written_as_files(blobs)
        if oids is not None:
            return oids
        from git_muse_coord.store.git import object_writers

        library = self._library_for(len(blobs))
        if library is None:
            return object_writers.written_by_git(self._git, blobs)
        return object_writers.written_by_library(library, blobs)

    def _library_for(self, number: int) -> pygit2.Repository | None:
        """What is to write so many blobs, if it is not git."""
        is_worth_loading = self._repository.stays or number >= MANY
        if not is_worth_loading:
            return None
        # libgit2 would make folders that only this user can write to
        if self._repository.shared_mode is not None:
            return None
        return self._repository.library

    def _written_as_files(self, blobs: Sequence[bytes]) -> list[str] | None:
        """The ids of blobs once they are in files of their own; None: git is to write them, or to say why it cannot."""
        if not self._are_plain_files:
            return None
        oids: list[str] = []
        try:
            for blob in blobs:
                oid = self.oid_of(blob)
                write_loose(self._folder, oid, blob)
                oids.append(oid)
        except OSError:
            return None
        return oids

    @property
    def _are_plain_files(self) -> bool:
        """Whether objects are written here in the plainest way that git knows."""
        repository = self._repository
        # on other systems git has another way to flush a file
        if sys.platform != "linux" or self._git is not repository.git:
            return False
        is_elsewhere = _ELSEWHERE in self._git.environment
        if is_elsewhere or repository.shared_mode is not None:
            return False
        return _TWO_FORMATS not in repository.configuration

    def read(self, oids: Sequence[str], limit: int = MAX_RECORD_BYTES) -> Iterator[StoredObject]:
        """Look at objects that may be missing, huge, of any type or damaged: never more than ``limit`` bytes each."""
        if len(oids) <= _FEW:
            oids, read_quickly = self._read_files(oids, limit)
            yield from read_quickly
        if not oids:
            return
        readable: list[str] = []
        bytes_to_read = 0
        lines = self._batch_check("", oids)
        for oid, line in zip(oids, lines, strict=False):
            facts = line.split(" ")
            if len(facts) != 3:
                yield StoredObject(oid, None, MISSING)
                continue
            _, kind, digits = facts
            size = int(digits)
            if kind != "blob":
                reason = f"points at a {kind}, not at a blob"
                yield StoredObject(oid, None, reason)
            elif size > limit:
                reason = f"larger than {limit:,} bytes"
                yield StoredObject(oid, None, reason)
            else:
                readable.append(oid)
                bytes_to_read += size
            if bytes_to_read > _READ_AT_ONCE:
                yield from self._contents(readable)
                readable = []
                bytes_to_read = 0
        yield from self._contents(readable)

    def unsound(self, oids: Sequence[str]) -> dict[str, str]:
        """Those of some objects that are not there, or whose bytes are not theirs any more, with the reason."""
        reasons: dict[str, str] = {}
        # in order, so that git finds neighbours in a pack
        for stored in self.read(sorted(oids)):
            if stored.reason in (MISSING, UNREADABLE):
                reasons[stored.oid] = stored.reason
        return reasons

    def _read_files(
        self,
        oids: Sequence[str],
        limit: int,
    ) -> tuple[list[str], list[StoredObject]]:
        """Those of some objects that are to be read by git, and what the others hold, whose files are sound."""
        left: list[str] = []
        read: list[StoredObject] = []
        for oid in oids:
            blob = read_loose(self.common_dir, oid, limit)
            if blob is None or not _is_of(oid, blob):
                left.append(oid)
            else:
                stored = StoredObject(oid, blob)
                read.append(stored)
        return left, read

    def absent(self, oids: Sequence[str]) -> list[str]:
        """Those objects that are not here."""
        if not oids:
            return []
        lines = self._batch_check("=%(objecttype)", oids)
        absent: list[str] = []
        for oid, line in zip(oids, lines, strict=True):
            if line.endswith(" missing"):
                absent.append(oid)
        return absent

    def _batch_check(self, form: str, oids: Sequence[str]) -> list[str]:
        """What git says of objects without reading them, a line each."""
        command = ("cat-file", f"--batch-check{form}", "--buffer")
        given = input_lines(oids)
        answer = self._git.ask(*command, given=given)
        return answer.text.splitlines()

    def contents(self, oids: Sequence[str], limit: int) -> dict[str, bytes]:
        """The bytes of those of some objects that can be read, and have at most ``limit`` each."""
        contents: dict[str, bytes] = {}
        for stored in self.read(oids, limit):
            if stored.blob is not None:
                contents[stored.oid] = stored.blob
        return contents

    def lost(self, oids: Sequence[str]) -> list[str]:
        """As ``absent``, at less cost: the file of an object counts, whatever is in it."""
        without_file: list[str] = []
        for oid in oids:
            if not self._has_file(oid):
                without_file.append(oid)
        return self.absent(without_file)

    def keep(self, written: Mapping[str, bytes]) -> None:
        """See that blobs which refs name by now are there, by their ids, and write those again that a gc took away."""
        oids = list(written)

        def mend() -> bool:
            lost = self.lost(oids)
            blobs = [written[oid] for oid in lost]
            self.write(blobs)
            return bool(lost)

        self.settle(mend)

    def settle(self, mend: Callable[[], bool]) -> None:
        """Call ``mend`` until it says that there was nothing to mend.

        A gc that began before the refs were made may still be about to take objects; it is waited
        for, for a while.
        """
        give_up = time.monotonic() + pruning.WAIT_SECONDS
        while True:
            gc = pruning.at_work(self._repository)
            was_mended = mend()
            if time.monotonic() > give_up:
                return
            if not gc and not was_mended:
                return
            if gc is not None:
                pruning.await_end(self._repository, gc, give_up)

    def between_gcs(self, action: Callable[[], T]) -> T:
        """Do what writes objects and then refs to them, again where a gc takes the objects before the refs are there.

        After the end of one gc there is most time until the next deletes something. Raises what
        ``action`` does.
        """
        give_up = time.monotonic() + pruning.WAIT_SECONDS
        while True:
            try:
                return action()
            except StoreFailed:
                gc = pruning.at_work(self._repository)
                if gc is None or time.monotonic() > give_up:
                    raise
            pruning.await_end(self._repository, gc, give_up)

    def oid_of(self, blob: bytes) -> str:
        """The id that a blob has here."""
        return blob_oid(blob, self._repository.object_format)

    def _has_file(self, oid: str) -> bool:
        path = f"{self._folder}/{oid[:2]}/{oid[2:]}"
        return os.path.isfile(path)

    def _contents(self, oids: list[str]) -> Iterator[StoredObject]:
        # git stops at a damaged object, so go on behind it
        while oids:
            done = 0
            for stored in self._contents_until_damage(oids):
                yield stored
                done += 1
            if done < len(oids):
                yield StoredObject(oids[done], None, UNREADABLE)
            oids = oids[done + 1 :]

    def _contents_until_damage(self, oids: list[str]) -> Iterator[StoredObject]:
        """What one process of git tells of objects, in order, up to the first that it cannot read."""
        given = input_lines(oids)
        answer = self._git.ask("cat-file", "--batch", "--buffer", given=given)
        told = answer.out
        position = 0
        for oid in oids:
            line_end = told.find(b"\n", position)
            if line_end < 0:
                return
            facts = told[position:line_end].split(b" ")
            start = line_end + 1
            if len(facts) != 3:
                yield StoredObject(oid, None, MISSING)
                position = start
                continue
            end = start + int(facts[2])
            if len(told) < end:
                return
            yield _checked(oid, told[start:end])
            position = end + 1  # behind the line end that git adds to each


def _checked(oid: str, blob: bytes) -> StoredObject:
    """Git reads an object without comparing its hash, and fails at it later, in gc."""
    if _is_of(oid, blob):
        return StoredObject(oid, blob)
    return StoredObject(oid, None, UNREADABLE)


def _is_of(oid: str, blob: bytes) -> bool:
    """Whether an object id is that of a blob."""
    object_format = format_of(oid)
    return blob_oid(blob, object_format) == oid


def format_of(oid: str) -> str:
    """The object format that an id is of, by its length."""
    if len(oid) == 40:
        return "sha1"
    return "sha256"


def blob_oid(blob: bytes, object_format: str) -> str:
    """The id that git gives to a blob with these bytes."""
    hashed = blob_header(blob) + blob
    if object_format == "sha1":
        return sha1(hashed).hexdigest()
    return sha256(hashed).hexdigest()
