"""Listing refs by their files once, for a command that is over after it: git would be another process.

It is the order of ``ref_files`` that makes this listing true, too. Nothing is remembered, so no times
of files count, and it tells what git would tell at the same moment on every kind of disk. Where
anything is not quite plain, the answer is None, and git itself is asked.
"""

from __future__ import annotations

import os
import stat

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.store.git.plain_refs import (
    DIGITS,
    READ_FOLDER,
    OddRef,
    object_id,
    part_must_be_plain,
    read_ref,
    refs_must_be_files,
)
from git_muse_coord.store.git.regular_file import READ_FILE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from git_muse_coord.store.git.repository import Repository

_MOST_FILES = 200
"""More files than this are read by git in less time."""

_HEADER = b"# pack-refs with:"
_SORTED = b" sorted "


class RefRows(NamedTuple):
    """What one look at the refs showed.

    ``packed`` are the lines of ``packed-refs`` as they stand there, sorted by name, and whoever
    takes one must see whether it is plain; ``loose`` refs count before these.
    """

    singles: Mapping[str, str]
    loose: Mapping[str, str]
    packed: bytes


class RefLook:
    """Looks at the refs below one directory, and at some single ones, which move."""

    def __init__(
        self,
        repository: Repository,
        root: str,
        singles: Sequence[str],
    ) -> None:
        self._repository = repository
        self._root = root
        self._singles = singles
        self._start = repository.common_dir + os.sep
        self._digits = DIGITS[repository.object_format]

    def listing(self) -> RefRows | None:
        """All of them as they are now; None: git itself is to be asked."""
        try:
            refs_must_be_files(self._repository)
            return self._look()
        except (OddRef, OSError):
            return None

    def _look(self) -> RefRows:
        # the single ones first, because what they say is about the others
        singles: dict[str, str] = {}
        packed: bytes | None = None
        for ref in self._singles:
            oid = self._single(ref)
            if oid is None:
                if packed is None:
                    packed = self._packed()
                oid = self._packed_single(packed, ref)
            if oid is not None:
                singles[ref] = oid
        loose = self._loose()
        # what is packed meanwhile is in the new file before its own goes
        packed = self._packed()
        return RefRows(singles, loose, _rows_below(self._root, packed))

    def _single(self, ref: str) -> str | None:
        """What the file of one ref holds; None where it has none."""
        folder, _, name = ref.rpartition("/")
        descriptor = self._open(folder)
        if descriptor is None:
            return None
        try:
            return read_ref(name, self._digits, descriptor)
        finally:
            os.close(descriptor)

    def _loose(self) -> dict[str, str]:
        refs: dict[str, str] = {}
        pending = [self._root]
        while pending:
            folder = pending.pop()
            descriptor = self._open(folder)
            if descriptor is None:
                continue
            try:
                pending += self._read_folder(folder, descriptor, refs)
            finally:
                os.close(descriptor)
        return refs

    def _read_folder(
        self,
        folder: str,
        descriptor: int,
        refs: dict[str, str],
    ) -> list[str]:
        """Add the refs that have a file in an open directory; the directories in it."""
        folders: list[str] = []
        with os.scandir(descriptor) as entries:
            for entry in entries:
                part = entry.name
                if part.startswith(".") or part.endswith(".lock"):
                    continue  # not for git either
                part_must_be_plain(part)
                if entry.is_dir(follow_symlinks=False):
                    folders.append(f"{folder}/{part}")
                elif not entry.is_file(follow_symlinks=False):
                    raise OddRef(part)
                elif len(refs) == _MOST_FILES:
                    raise OddRef(folder)
                else:
                    oid = read_ref(part, self._digits, descriptor)
                    # else deleted, or packed, and then packed-refs has it already
                    if oid is not None:
                        refs[f"{folder}/{part}"] = oid
        return folders

    def _open(self, folder: str) -> int | None:
        """A directory of refs; None where it is not there: git takes away those that it finds empty."""
        try:
            return os.open(self._start + folder, READ_FOLDER)
        except FileNotFoundError:
            return None

    def _packed(self) -> bytes:
        """What ``packed-refs`` holds; nothing where it is not there."""
        try:
            descriptor = os.open(f"{self._start}packed-refs", READ_FILE)
        except FileNotFoundError:
            return b""
        with open(descriptor, "rb", buffering=0) as file:
            facts = os.fstat(descriptor)
            if not stat.S_ISREG(facts.st_mode):
                raise OddRef("packed-refs")
            content = file.read()
        if content and not _is_plain(content):
            raise OddRef("packed-refs")
        return content

    def _packed_single(self, packed: bytes, ref: str) -> str | None:
        behind_oid = b" %s\n" % ref.encode()
        end = packed.find(behind_oid)
        if end < 0:
            return None
        start = packed.rfind(b"\n", 0, end) + 1
        oid = packed[start:end].decode("ascii", "replace")
        return object_id(oid, self._digits)


def _is_plain(content: bytes) -> bool:
    """Whether ``packed-refs`` is as git writes it today: only where it says so are the lines in order."""
    if not content.endswith(b"\n"):
        return False
    header = content[: content.find(b"\n")]
    return header.startswith(_HEADER) and _SORTED in header


def _rows_below(root: str, packed: bytes) -> bytes:
    """The lines of the refs below a directory, and whatever stands between them."""
    name = b" %s/" % root.encode()
    first = packed.find(name)
    if first < 0:
        return b""
    last = packed.rfind(name)
    start = packed.rfind(b"\n", 0, first) + 1
    end = packed.index(b"\n", last) + 1
    return packed[start:end]
