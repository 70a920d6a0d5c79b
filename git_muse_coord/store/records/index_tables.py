"""The tables of the cache that ``stored_index`` asks: a stamp, and what it vouches for.

A cache may be torn, stale or foreign, and here an absent row would mean that nobody holds anything.
So the stamp has a checksum of each bucket, a digest of each piece of the listing, and one checksum
of itself: what does not fit it counts as lost.
"""

from __future__ import annotations

import zlib

from git_muse_coord.cachefile import Unwritten, brief_transaction
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_tools import suppress
from git_muse_coord.store.records.ref_lines import listed_lines

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Collection,
        Iterable,
        Mapping,
    )

    from git_muse_coord.cachefile import CacheFile, Connection

    Buckets = dict[int, bytes]
    """Lines of facts, all in one text, by the number of the bucket that they lie in."""
    Pieces = dict[bytes, bytes]
    """Pieces of a listing, or their digests, by the name that each begins with."""

TABLES = """
CREATE TABLE IF NOT EXISTS stamp(
    id INTEGER PRIMARY KEY, sums BLOB, pieces BLOB, odd BLOB, spare INTEGER, crc INTEGER
);
CREATE TABLE IF NOT EXISTS bucket(number INTEGER PRIMARY KEY, lines BLOB);
CREATE TABLE IF NOT EXISTS piece(name BLOB PRIMARY KEY, text BLOB);
"""

BUCKETS = 256
"""How many buckets each family of facts is spread over: few enough that all checksums are read at once."""
FAMILIES = 6
_SUM_BYTES = 4
_ASKED_MOST = 500
"""For more buckets than this the whole table is read: a statement takes a limited number of parameters."""


class IndexStamp(NamedTuple):
    """What the tables hold, and of which listing.

    ``sums`` are the checksums of all buckets, one after the other; ``pieces`` the digests of the
    pieces of the listing, by where each begins; ``odd`` the lines of the listing that are no sound
    records; ``spare`` is how many heartbeats there are beyond one a subject.
    """

    sums: bytes = bytes(_SUM_BYTES * BUCKETS * FAMILIES)
    pieces: Mapping[bytes, bytes] = {}
    odd: frozenset[bytes] = frozenset()
    spare: int = 0

    @property
    def row(self) -> tuple[bytes, bytes, bytes, int, int]:
        """The stamp as it is stored."""
        lines: list[bytes] = []
        for name, digest in self.pieces.items():
            lines.append(b"%s %s\n" % (digest.hex().encode(), name))
        pieces = b"".join(lines)
        odd = b"".join(line + b"\n" for line in sorted(self.odd))
        crc = _checksum(self.sums, pieces, odd, self.spare)
        return self.sums, pieces, odd, self.spare, crc

    def vouches_for(
        self,
        number: int,
        lines: bytes,
    ) -> bool:
        """Whether a bucket holds these lines."""
        start = number * _SUM_BYTES
        vouched = self.sums[start : start + _SUM_BYTES]
        return vouched == _sum(lines)

    def with_buckets(self, changed: Buckets) -> bytes:
        """The checksums once some buckets are changed."""
        sums = bytearray(self.sums)
        for number, lines in changed.items():
            start = number * _SUM_BYTES
            end = start + _SUM_BYTES
            sums[start:end] = _sum(lines)
        return bytes(sums)


class IndexChange(NamedTuple):
    """What takes the tables from one stamp to another."""

    before: IndexStamp
    after: IndexStamp
    buckets: Buckets
    pieces: Pieces


class IndexTables:
    """The tables in one cache file."""

    def __init__(self, file: CacheFile) -> None:
        self._file = file

    def stamp(self) -> IndexStamp | None:
        """The stamp; None where there is none that is whole."""
        return self._file.run(_read_stamp, None)

    def buckets(self, numbers: Collection[int]) -> Buckets:
        """Some buckets, whatever they hold."""
        asked: list[int] = []
        query = "SELECT number, lines FROM bucket"
        if len(numbers) <= _ASKED_MOST:
            asked = list(numbers)
            marks = ",".join("?" * len(asked))
            query = f"{query} WHERE number IN ({marks})"
        rows = self._file.select(query, asked)
        buckets: Buckets = {}
        for number, lines in rows:
            # SQLite keeps any type in any column
            if isinstance(lines, bytes):
                buckets[number] = lines
        return buckets

    def piece(self, name: bytes) -> bytes:
        """The piece of the listing that begins with a name, whatever it holds."""
        query = "SELECT text FROM piece WHERE name = ?"
        for (text,) in self._file.select(query, [name]):
            if isinstance(text, bytes):
                return text
        return b""

    def write(self, change: IndexChange) -> None:
        """Bring the tables up to date, unless another process does, or did, so.

        Nobody waits for it: who comes next finds the same difference, and takes no other way.
        """

        def update(database: Connection) -> None:
            # a change is made of what the tables held, and means nothing on top of other facts
            if _read_stamp(database) == change.before:
                _put_buckets(database, change.buckets)
                _put_stamp(database, change.after, change.pieces)

        self._update(update)

    def write_anew(
        self,
        stamp: IndexStamp,
        pieces: Pieces,
        parts: Iterable[Buckets],
    ) -> None:
        """Let the tables hold some buckets and nothing else; ``stamp`` lacks the checksums of these."""

        def update(database: Connection) -> None:
            _clear(database)
            after = stamp
            for buckets in parts:
                _put_buckets(database, buckets)
                after = after._replace(sums=after.with_buckets(buckets))
                # not in memory beside the next ones
                del buckets
            _put_stamp(database, after, pieces)

        self._update(update)

    def _update(self, action: Callable[[Connection], None]) -> None:
        """Change the tables, unless they cannot be changed just now."""

        def attempt(database: Connection) -> None:
            with suppress(Unwritten), brief_transaction(database):
                action(database)

        self._file.run(attempt, None)

    def forget(self) -> None:
        """Hold nothing any more."""
        self._file.run(_clear, None)


def bucket_number(family: int, key: bytes) -> int:
    """The bucket that a key of a family lies in."""
    first = family * BUCKETS
    return first + zlib.crc32(key) % BUCKETS


def _read_stamp(database: Connection) -> IndexStamp | None:
    query = "SELECT sums, pieces, odd, spare, crc FROM stamp"
    row = database.execute(query).fetchone()
    if row is None:
        return None
    sums, pieces, odd, spare, crc = row
    for column in (sums, pieces, odd):
        if not isinstance(column, bytes):
            return None
    if type(spare) is not int:
        return None
    if crc != _checksum(sums, pieces, odd, spare):
        return None
    digests: Pieces = {}
    for line in listed_lines(pieces):
        # a name may hold whatever git lets it, the digest is hex and comes first
        digest, _, name = line.partition(b" ")
        digests[name] = bytes.fromhex(digest.decode())
    odd_lines = frozenset(listed_lines(odd))
    return IndexStamp(sums, digests, odd_lines, spare)


def _put_buckets(database: Connection, buckets: Buckets) -> None:
    database.executemany("REPLACE INTO bucket VALUES (?, ?)", buckets.items())


def _put_stamp(
    database: Connection,
    stamp: IndexStamp,
    pieces: Pieces,
) -> None:
    database.executemany("REPLACE INTO piece VALUES (?, ?)", pieces.items())
    database.execute("REPLACE INTO stamp VALUES (1, ?, ?, ?, ?, ?)", stamp.row)


def _clear(database: Connection) -> None:
    for table in ("stamp", "bucket", "piece"):
        database.execute(f"DELETE FROM {table}")  # noqa: S608


def _sum(lines: bytes) -> bytes:
    return zlib.crc32(lines).to_bytes(_SUM_BYTES, "big")


def _checksum(
    sums: bytes,
    pieces: bytes,
    odd: bytes,
    spare: int,
) -> int:
    # the lengths, too: else what is cut otherwise would have the same checksum
    parts = b"%d %d %d %d " % (len(sums), len(pieces), len(odd), spare)
    whole = b"".join((parts, sums, pieces, odd))
    return zlib.crc32(whole)
