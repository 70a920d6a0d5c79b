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
from git_muse_coord.store.records.ref_lines import DIGEST_BYTES, listed_lines

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Collection,
        Iterable,
        Mapping,
        Sequence,
    )
    from typing import Any

    from git_muse_coord.cachefile import CacheFile, Connection

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
        pieces: list[bytes] = []
        for name, digest in self.pieces.items():
            pieces.append(b"%s %s\n" % (digest.hex().encode(), name))
        odd = [line + b"\n" for line in sorted(self.odd)]
        columns = (self.sums, b"".join(pieces), b"".join(odd))
        return (*columns, self.spare, _checksum(*columns, self.spare))

    def vouches_for(
        self,
        number: int,
        lines: bytes,
    ) -> bool:
        """Whether a bucket holds these lines."""
        start = number * _SUM_BYTES
        return self.sums[start : start + _SUM_BYTES] == _sum(lines)

    def with_buckets(self, changed: Mapping[int, bytes]) -> bytes:
        """The checksums once some buckets are changed."""
        sums = bytearray(self.sums)
        for number, lines in changed.items():
            start = number * _SUM_BYTES
            sums[start : start + _SUM_BYTES] = _sum(lines)
        return bytes(sums)


class IndexChange(NamedTuple):
    """What takes the tables from one stamp to another."""

    before: IndexStamp
    after: IndexStamp
    buckets: Mapping[int, bytes]
    pieces: Mapping[bytes, bytes]


class IndexTables:
    """The tables in one cache file."""

    def __init__(self, file: CacheFile) -> None:
        self._file = file

    def stamp(self) -> IndexStamp | None:
        """The stamp; None where there is none that is whole."""
        return self._file.run(_read_stamp, None)

    def buckets(self, numbers: Collection[int]) -> dict[int, bytes]:
        """Some buckets, whatever they hold."""
        asked: list[int] = []
        query = "SELECT number, lines FROM bucket"
        if len(numbers) <= _ASKED_MOST:
            asked = list(numbers)
            marks = ",".join("?" * len(asked))
            query = f"{query} WHERE number IN ({marks})"
        rows = self._select(query, asked)
        buckets: dict[int, bytes] = {}
        for number, lines in rows:
            # SQLite keeps any type in any column
            if isinstance(lines, bytes):
                buckets[number] = lines
        return buckets

    def piece(self, name: bytes) -> bytes:
        """The piece of the listing that begins with a name, whatever it holds."""
        rows = self._select("SELECT text FROM piece WHERE name = ?", [name])
        text = rows[0][0] if rows else b""
        return text if isinstance(text, bytes) else b""

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
        pieces: Mapping[bytes, bytes],
        parts: Iterable[Mapping[int, bytes]],
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

    def _select(
        self,
        query: str,
        values: Sequence[Any],
    ) -> list[Any]:
        return self._file.run(lambda database: database.execute(query, values).fetchall(), [])


def bucket_number(family: int, key: bytes) -> int:
    """The bucket that a key of a family lies in."""
    return family * BUCKETS + zlib.crc32(key) % BUCKETS


def _read_stamp(database: Connection) -> IndexStamp | None:
    row = database.execute("SELECT sums, pieces, odd, spare, crc FROM stamp").fetchone()
    if row is None:
        return None
    sums, pieces, odd, spare, crc = row
    for column in (sums, pieces, odd):
        if not isinstance(column, bytes):
            return None
    if type(spare) is not int or _checksum(sums, pieces, odd, spare) != crc:
        return None
    digests: dict[bytes, bytes] = {}
    for line in listed_lines(pieces):
        digest, name = line[: 2 * DIGEST_BYTES], line[2 * DIGEST_BYTES + 1 :]
        digests[name] = bytes.fromhex(digest.decode())
    return IndexStamp(sums, digests, frozenset(listed_lines(odd)), spare)


def _put_buckets(database: Connection, buckets: Mapping[int, bytes]) -> None:
    database.executemany("REPLACE INTO bucket VALUES (?, ?)", buckets.items())


def _put_stamp(
    database: Connection,
    stamp: IndexStamp,
    pieces: Mapping[bytes, bytes],
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
    parts = b"%d %d %d %d " % (len(sums), len(pieces), len(odd), spare)
    return zlib.crc32(b"".join((parts, sums, pieces, odd)))
