"""The refs of ours that are in ``packed-refs``, read again only when that file has changed.

Git replaces it as a whole, by renaming a new one into its place.
"""

from __future__ import annotations

import os
import re
import stat

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.store.git.file_times import (
    FileClock,
    Stamp,
    settled,
    stamp_of,
)
from git_muse_coord.store.git.plain_refs import OddRef
from git_muse_coord.store.git.regular_file import READ_FILE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HEADER = b"# pack-refs with:"
_PART = "[0-9A-Za-z_][0-9A-Za-z_-]*"
"""A part of the name of a ref that git takes as it stands."""


class Packed(NamedTuple):
    """What the file holds of ours."""

    singles: Mapping[str, str]
    refs: Mapping[str, str]


_NOTHING = Packed({}, {})


class PackedRefs:
    """The packed refs of a repository below some directory, such as ``refs/muse``, and some single ones."""

    def __init__(
        self,
        common_dir: str,
        root: str,
        singles: Sequence[str],
        digits: int,
        clock: FileClock,
    ) -> None:
        self._path = os.path.join(common_dir, "packed-refs")
        self._root = root
        self._singles = singles
        row = f"(?!0{{{digits}}})[0-9a-f]{{{digits}}} refs(?:/{_PART})+\n"
        self._rows = re.compile(f"(?:{row})*".encode())
        self._clock = clock
        self._stamp: Stamp | None = None
        self._packed = _NOTHING

    def look(self) -> Packed:
        """All of them now: the same value as before where nothing has changed. Raises OddRef and OSError."""
        try:
            facts = os.lstat(self._path)
        except FileNotFoundError:
            self._stamp = None
            self._packed = _NOTHING
            return self._packed
        if not stat.S_ISREG(facts.st_mode):
            raise OddRef(self._path)
        # where there is no stamp, nothing was read yet, or just after a change
        if self._stamp is None or self._stamp != stamp_of(facts):
            self._read()
        return self._packed

    def _read(self) -> None:
        now = self._clock.now()
        descriptor = os.open(self._path, READ_FILE)
        with open(descriptor, "rb") as file:
            stamp = stamp_of(os.fstat(descriptor))
            content = file.read()
            after = stamp_of(os.fstat(descriptor))
        # its last time apart, which changes when git puts another file in its place
        if after[:-1] != stamp[:-1]:
            raise OddRef(self._path)  # somebody writes into it, which git never does
        packed = self._parsed(content)
        if packed != self._packed:
            self._packed = packed
        self._stamp = settled(stamp, now)

    def _parsed(self, content: bytes) -> Packed:
        if not content:
            return _NOTHING
        is_whole = content.endswith(b"\n")
        if not is_whole or not content.startswith(_HEADER):
            raise OddRef(self._path)
        singles: dict[str, str] = {}
        for ref in self._singles:
            single = self._parsed_rows(content, f" {ref}\n")
            singles.update(single)
        refs = self._parsed_rows(content, f" {self._root}/")
        return Packed(singles, refs)

    def _parsed_rows(
        self,
        content: bytes,
        name: str,
    ) -> dict[str, str]:
        """The lines of ours. They must be without others in between, as others may be very many more."""
        ours = name.encode()
        first = content.find(ours)
        if first < 0:
            return {}
        last = content.rfind(ours)
        begin = content.rfind(b"\n", 0, first) + 1
        end = content.index(b"\n", last) + 1
        rows = content[begin:end]
        number_of_ours = rows.count(ours)
        if rows.count(b"\n") != number_of_ours:
            raise OddRef(self._path)
        if self._rows.fullmatch(rows) is None:
            raise OddRef(self._path)
        refs: dict[str, str] = {}
        for row in rows.decode("ascii").splitlines():
            oid, ref = row.split(" ")
            refs[ref] = oid
        return refs
