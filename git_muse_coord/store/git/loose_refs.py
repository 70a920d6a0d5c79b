"""The refs that have a file each, read again only where a directory or a file has changed.

Git writes a ref by renaming a file into its place, and deletes one by taking its file away: both
show in the times of the directory.
"""

from __future__ import annotations

import os
import stat

from git_muse_coord.model.light import NamedTuple
from git_muse_coord.store.git.file_times import (
    FileClock,
    Stamp,
    settled,
    stamp_of,
)
from git_muse_coord.store.git.plain_refs import (
    READ_FOLDER,
    OddRef,
    part_must_be_plain,
    read_ref,
)


class _File(NamedTuple):
    """A ref as it was read; ``stamp`` None: it must be read again."""

    stamp: Stamp | None
    oid: str


class _Folder(NamedTuple):
    """A directory as it was read: the refs and the directories in it, by the last part of their names."""

    stamp: Stamp | None
    files: dict[str, _File]
    folders: list[str]


_NOTHING = _Folder(None, {}, [])


class LooseRefs:
    """The loose refs below one directory, such as ``refs/muse``, of a repository.

    ``refs`` is what the last look showed; ``touched`` collects the names of those that are not as
    before, for whoever empties it.
    """

    def __init__(
        self,
        common_dir: str,
        root: str,
        digits: int,
        clock: FileClock,
    ) -> None:
        self._start = common_dir + os.sep
        self._root = root
        self._digits = digits
        self._clock = clock
        self._folders: dict[str, _Folder] = {}
        self.refs: dict[str, str] = {}
        self.touched: set[str] = set()

    def look(self) -> None:
        """Look again. Raises OddRef and OSError, and then nothing has been noted."""
        folders_before = self._folders
        folders: dict[str, _Folder] = {}
        pending = [self._root]
        while pending:
            name = pending.pop()
            before = folders_before.get(name, _NOTHING)
            folder = self._folder(name, before)
            folders[name] = folder
            pending += [f"{name}/{part}" for part in folder.folders]
        for name in folders_before.keys() | folders.keys():
            before = folders_before.get(name, _NOTHING)
            folder = folders.get(name, _NOTHING)
            self._note(name, before, folder)
        self._folders = folders

    def value(self, ref: str) -> str | None:
        """What one ref holds now; None where it has no file. Raises OddRef and OSError."""
        folder, _, _ = ref.rpartition("/")
        if self._stamp(folder) is None:
            return None
        return read_ref(self._start + ref, self._digits)

    def _folder(self, name: str, before: _Folder) -> _Folder:
        """A directory as it is now, ``before`` itself where it is as it was."""
        stamp = self._stamp(name)
        if stamp is None:
            return _NOTHING
        if stamp == before.stamp:
            return before
        try:
            descriptor = os.open(self._start + name, READ_FOLDER)
        except FileNotFoundError:  # git takes away directories that it finds empty
            return _NOTHING
        try:
            # the clock, the stamp, and then what is in it: what changes meanwhile is later than both
            now = self._clock.now()
            facts = os.fstat(descriptor)
            stamp = settled(stamp_of(facts), now)
            return self._scanned(descriptor, before, stamp, now)
        finally:
            os.close(descriptor)

    def _scanned(
        self,
        descriptor: int,
        before: _Folder,
        stamp: Stamp | None,
        now: int,
    ) -> _Folder:
        folder = _Folder(stamp, {}, [])
        for part in os.listdir(descriptor):
            if part.startswith(".") or part.endswith(".lock"):
                continue  # not for git either
            try:
                facts = os.stat(part, dir_fd=descriptor, follow_symlinks=False)
            except FileNotFoundError:
                # taken away just now: deleted, or packed, and then packed-refs has it already
                continue
            file = before.files.get(part)
            file_stamp = stamp_of(facts)
            if file is None or file.stamp != file_stamp:
                part_must_be_plain(part)
                if stat.S_ISDIR(facts.st_mode):
                    folder.folders.append(part)
                    continue
                if not stat.S_ISREG(facts.st_mode):
                    raise OddRef(part)
                oid = read_ref(part, self._digits, descriptor)
                if oid is None:
                    continue
                file = _File(settled(file_stamp, now), oid)
            folder.files[part] = file
        return folder

    def _stamp(self, folder: str) -> Stamp | None:
        try:
            facts = os.lstat(self._start + folder)
        except FileNotFoundError:
            return None
        if not stat.S_ISDIR(facts.st_mode):
            raise OddRef(folder)
        # the clock is that of one device alone
        if facts.st_dev != self._clock.device:
            raise OddRef(folder)
        return stamp_of(facts)

    def _note(
        self,
        name: str,
        before: _Folder,
        folder: _Folder,
    ) -> None:
        """Note the difference between two looks at one directory."""
        if folder is before:
            return
        # the name first: whoever is interrupted in between compares once more
        for part in before.files.keys() - folder.files.keys():
            ref = f"{name}/{part}"
            self.touched.add(ref)
            self.refs.pop(ref, None)
        for part, file in folder.files.items():
            if file is before.files.get(part):
                continue
            ref = f"{name}/{part}"
            if self.refs.get(ref) != file.oid:
                self.touched.add(ref)
                self.refs[ref] = file.oid
