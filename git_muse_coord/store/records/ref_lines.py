"""What git printed of the refs of records, kept as it came: of 10,000 lines a command mostly needs a few."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import cached_property
from git_muse_coord.model.names import ARCHIVE, EPOCH

try:
    # hashlib takes 4 ms, because it loads OpenSSL first
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DIGEST_BYTES = 16
"""Others choose what is listed, so it takes more than a checksum to tell two listings apart."""


class RefLines:
    """Lines of a name, a blank and an object id, sorted by name, as git sorts them.

    ``epoch`` and ``archive_tip`` are taken out of the ``text``, since they are no records.
    """

    def __init__(self, output: bytes) -> None:
        self.text = output
        self.archive_tip = self._take(ARCHIVE)
        self.epoch = self._take(EPOCH)

    def oid_of(self, ref: str) -> str | None:
        """The object that a ref names."""
        line = name_bytes(ref) + b" "
        start = self._position(line[:-1])
        if not self.text.startswith(line, start):
            return None
        return self.text[start + len(line) : self._end(start)].decode()

    @cached_property
    def refs(self) -> dict[str, str]:
        """All refs, with their object ids."""
        refs: dict[str, str] = {}
        for line in listed_lines(self.text):
            ref, oid = parted(line)
            refs[ref] = oid
        return refs

    def beginning(self, start: str) -> Iterator[str]:
        """The refs of which the names begin so."""
        name = name_bytes(start)
        place = self._position(name)
        while self.text.startswith(name, place):
            end = self._end(place)
            yield parted(self.text[place:end])[0]
            place = end + 1

    def names(self, folder: str) -> set[bytes]:
        """The last parts of the refs in a folder, which is given with its slash."""
        start = self._position(name_bytes(folder))
        # no name in it is behind one that goes on with the byte after the slash
        end = self._position(name_bytes(folder[:-1]) + b"0")
        names: set[bytes] = set()
        length = len(name_bytes(folder))
        for line in listed_lines(self.text[start:end]):
            names.add(line[length:].partition(b" ")[0])
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
        oid = self.oid_of(ref)
        if oid is not None:
            start = self._position(name_bytes(ref))
            self.text = self.text[:start] + self.text[self._end(start) + 1 :]
        return oid

    def _position(self, name: bytes, low: int = 0) -> int:
        """Where the first line begins whose name is not before this one."""
        text = self.text
        high = len(text)
        while low < high:
            middle = (low + high) // 2
            # git ends every line, so 0 is where the text begins
            start = text.rfind(b"\n", low, middle) + 1 or low
            if text[start : text.index(b" ", start)] < name:
                low = text.index(b"\n", middle) + 1
            else:
                high = start
        return low

    def _end(self, start: int) -> int:
        return self.text.index(b"\n", start)


def digest_of(text: bytes) -> bytes:
    """What tells a text from all others."""
    return blake2b(text, digest_size=DIGEST_BYTES).digest()


def listed_lines(text: bytes) -> list[bytes]:
    """The lines of a text of which each is ended."""
    return text.split(b"\n")[:-1]


def parted(line: bytes) -> tuple[str, str]:
    """The name and the object id in a line."""
    name, oid = line.decode("utf-8", "surrogateescape").split(" ")
    return name, oid


def name_bytes(text: str) -> bytes:
    """A name as git has it."""
    return text.encode("utf-8", "surrogateescape")
