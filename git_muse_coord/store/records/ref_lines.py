"""The refs of records as git prints them or keeps them packed: of 10,000 lines a command mostly needs a few."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import cached_property
from git_muse_coord.model.names import ARCHIVE, EPOCH
from git_muse_coord.store.git.plain_refs import (
    DIGITS,
    OddRef,
    object_id,
    part_must_be_plain,
)

try:
    # hashlib takes 4 ms, because it loads OpenSSL first
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

if TYPE_CHECKING:
    from collections.abc import (
        Collection,
        Iterable,
        Iterator,
    )

    from git_muse_coord.store.records.ref_names import Oids, OidsByRef

DIGEST_BYTES = 16
"""Others choose what is listed, so it takes more than a checksum to tell two listings apart."""


class RefLines:
    """Lines of an object id, a blank and a name, sorted by name, as git sorts them.

    ``epoch`` and ``archive_tip`` are no records, and not in the ``text``. What was read without git
    ``is_raw``: its lines must be looked at before they are believed.
    """

    def __init__(
        self,
        text: bytes,
        *,
        is_raw: bool,
    ) -> None:
        self.text = text
        self.epoch: str | None = None
        self.archive_tip: str | None = None
        self._is_raw = is_raw
        # where the name begins in each line, because all ids are of one length
        self._name_at = text.find(b" ") + 1

    @classmethod
    def told_by_git(cls, output: bytes) -> RefLines:
        """What git printed of the records, the epoch and the archive."""
        lines = cls(output, is_raw=False)
        lines.archive_tip = lines._take(ARCHIVE)
        lines.epoch = lines._take(EPOCH)
        return lines

    @classmethod
    def read(
        cls,
        packed: bytes,
        loose: OidsByRef,
        singles: OidsByRef,
    ) -> RefLines:
        """The lines of ``packed-refs``, and the refs that count before these."""
        lines = cls(packed, is_raw=True)
        for ref, oid in loose.items():
            lines._put(ref, oid)
        lines.archive_tip = singles.get(ARCHIVE)
        lines.epoch = singles.get(EPOCH)
        return lines

    def oid_of(self, ref: str) -> str | None:
        """The object that a ref names."""
        # who asked for all has them at hand
        if "refs" in vars(self):
            return self.refs.get(ref)
        start, end = self._line_of(name_bytes(ref))
        if start == end:
            return None
        blank = start + self._name_at - 1
        return self.text[start:blank].decode()

    @cached_property
    def refs(self) -> Oids:
        """All refs, with their object ids. Raises OddRef."""
        refs: Oids = {}
        for line in self.lines(self.text):
            ref, oid = parted(line)
            refs[ref] = oid
        return refs

    def lines(
        self,
        text: bytes,
        known: Collection[bytes] = (),
    ) -> list[bytes]:
        """The lines of a part of the text. Raises OddRef where only git may know what they mean.

        Those that are ``known`` have been looked at before.
        """
        lines = listed_lines(text)
        if not self._is_raw:
            return lines
        names = [line[self._name_at :] for line in lines]
        # what is sought by halves must be sorted, and no name may be there twice
        in_order = sorted(set(names))
        if names != in_order:
            raise OddRef("packed-refs")
        for line in lines:
            if line not in known:
                _must_be_plain(line)
        return lines

    def beginning(self, start: str) -> Iterator[str]:
        """The refs of which the names begin so."""
        name = name_bytes(start)
        place = self._position(name)
        while self.text.startswith(name, place + self._name_at):
            end = self._end(place)
            ref, _ = parted(self.text[place:end])
            yield ref
            place = end + 1

    def names(self, folder: str) -> set[bytes]:
        """The last parts of the refs in a folder, which is given with its slash."""
        beginning = name_bytes(folder)
        start = self._position(beginning)
        # no name in it is behind one that goes on with the byte after the slash
        end = self._position(beginning[:-1] + b"0")
        names: set[bytes] = set()
        length = self._name_at + len(beginning)
        for line in listed_lines(self.text[start:end]):
            names.add(line[length:])
        return names

    def size(self) -> int:
        """How many lines there are."""
        return self.text.count(b"\n")

    def cut(self, names: Iterable[bytes]) -> list[bytes]:
        """The text in pieces, of which each begins where a line with one of these names is, or would be."""
        starts: list[int] = []
        place = 0
        for name in names:
            place = self._position(name, place)
            starts.append(place)
        pieces: list[bytes] = []
        end = len(self.text)
        for start in reversed(starts):
            pieces.append(self.text[start:end])
            end = start
        pieces.reverse()
        return pieces

    def _take(self, ref: str) -> str | None:
        """The object that a ref names; its line is in the text no more."""
        oid = self.oid_of(ref)
        if oid is not None:
            start, end = self._line_of(name_bytes(ref))
            before = self.text[:start]
            self.text = before + self.text[end:]
        return oid

    def _put(
        self,
        ref: str,
        oid: str,
    ) -> None:
        """Have a line for a ref, in the place of the one that it has, or where it belongs."""
        line = name_bytes(f"{oid} {ref}\n")
        # it may be the first line of all
        self._name_at = line.index(b" ") + 1
        start, end = self._line_of(name_bytes(ref))
        before = self.text[:start]
        behind = self.text[end:]
        self.text = b"".join((before, line, behind))

    def _line_of(self, name: bytes) -> tuple[int, int]:
        """Where the line with a name begins and ends; twice where it would begin, if it is not there."""
        start = self._position(name)
        # else another one is there, before which it would be
        is_there = self.text.startswith(name + b"\n", start + self._name_at)
        if not is_there:
            return start, start
        return start, self._end(start) + 1

    def _position(
        self,
        name: bytes,
        low: int = 0,
    ) -> int:
        """Where the first line begins whose name is not before this one."""
        text = self.text
        high = len(text)
        while low < high:
            middle = (low + high) // 2
            # every line is ended, so 0 is where the text begins
            start = text.rfind(b"\n", low, middle) + 1 or low
            end = text.index(b"\n", middle)
            if text[start + self._name_at : end] < name:
                low = end + 1
            else:
                high = start
        return low

    def _end(self, start: int) -> int:
        return self.text.index(b"\n", start)


def _must_be_plain(line: bytes) -> None:
    """Raises OddRef for a line of ``packed-refs`` that is not an id and a plain name."""
    # a byte that is no ASCII becomes one that no plain name holds
    text = line.decode("ascii", "replace")
    oid, _, name = text.partition(" ")
    if len(oid) not in DIGITS.values():
        raise OddRef(name)
    object_id(oid, len(oid))
    for part in name.split("/"):
        part_must_be_plain(part)


def digest_of(text: bytes) -> bytes:
    """What tells a text from all others."""
    return blake2b(text, digest_size=DIGEST_BYTES).digest()


def listed_lines(text: bytes) -> list[bytes]:
    """The lines of a text of which each is ended."""
    return text.split(b"\n")[:-1]


def parted(line: bytes) -> tuple[str, str]:
    """The name and the object id in a line."""
    oid, name = line.decode("utf-8", "surrogateescape").split(" ")
    return name, oid


def name_bytes(text: str) -> bytes:
    """A name as git has it."""
    return text.encode("utf-8", "surrogateescape")
