"""A cache of verified records, keyed by blob, in the common git directory: all worktrees share it.

It can be deleted at any time. Every row carries a checksum, so a torn, stale or foreign file costs
time, never a wrong answer. (A checksum, not the object id: loading OpenSSL would cost every command
4 ms.)
"""

from __future__ import annotations

import zlib

from git_muse_coord.cachefile import CacheFile, transaction
from git_muse_coord.model.codec import FORMAT
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import cached_property
from git_muse_coord.model.records import KINDS
from git_muse_coord.store.records import index_tables
from git_muse_coord.store.records.cached_record import CachedRecord, checksum
from git_muse_coord.store.records.index_tables import IndexTables

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from git_muse_coord.cachefile import Connection
    from git_muse_coord.store.records.archive_index import ArchiveIndex
    from git_muse_coord.store.records.cached_record import Bodies, RecordRow, Verdict
    from git_muse_coord.store.records.remote_memory import RemoteMemory

LAYOUT = 11
"""Raised when the tables or the verdicts change; each layout has a file of its own."""

UNDERSTOOD = f"{FORMAT}-{zlib.crc32(' '.join(sorted(KINDS)).encode()):08x}"
"""What this version can read. It names the file, so that no version is held by what another one did not understand."""

NAME = f"records-{LAYOUT}.{UNDERSTOOD}.sqlite3"

_ASKED_MOST = 500
"""Of more objects than this a whole table is read: a statement takes a limited number of parameters."""

_TABLES = """
CREATE TABLE IF NOT EXISTS entry(
    oid TEXT PRIMARY KEY, verdict TEXT, ref TEXT, mentions BLOB, crc INTEGER, digest INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entry_digest ON entry(digest);
CREATE TABLE IF NOT EXISTS body(oid TEXT PRIMARY KEY, blob BLOB, crc INTEGER) WITHOUT ROWID;
"""

# Here, and not beside what asks them, which most commands do not even load.
_SELDOM_ASKED = """
CREATE TABLE IF NOT EXISTS segment(oid TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS archived(
    name TEXT, id TEXT, segment TEXT, until TEXT, about TEXT, PRIMARY KEY (name, id, segment)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS unfinished ON archived(until) WHERE until IS NOT NULL;

CREATE TABLE IF NOT EXISTS refused(ref TEXT, oid TEXT, verdict TEXT, PRIMARY KEY (ref, oid)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen(remote TEXT PRIMARY KEY, oids BLOB, unread INTEGER, crc INTEGER) WITHOUT ROWID;
"""


class RecordCache:
    """The cache of one repository. What it cannot read is not there; what it cannot write is not kept.

    ``archive`` and ``remotes`` are what the same file holds besides records.
    """

    def __init__(self, path: str) -> None:
        self._file = CacheFile(path, _prepare)
        self.index = IndexTables(self._file)

    @cached_property
    def archive(self) -> ArchiveIndex:
        """The index of the archive."""
        from git_muse_coord.store.records.archive_index import ArchiveIndex

        return ArchiveIndex(self._file)

    @cached_property
    def remotes(self) -> RemoteMemory:
        """What is remembered of remotes."""
        from git_muse_coord.store.records.remote_memory import RemoteMemory

        return RemoteMemory(self._file)

    def open(self) -> None:
        """Open the file, for who has to wait for something else just now."""
        self._file.run(lambda database: database, None)

    def entries(self, oids: Sequence[str] | None = None) -> dict[str, CachedRecord]:
        """The sound rows of some objects, or of all, by object id."""
        query = "SELECT oid, ref, mentions, verdict, crc FROM entry"
        known: dict[str, CachedRecord] = {}
        for oid, ref, mentions, verdict, crc in self._rows(query, oids):
            # SQLite keeps any type in any column, so a foreign file may hold what cannot be hashed
            if not _are_text(oid, ref, mentions, verdict):
                continue
            cached = CachedRecord(oid, ref, mentions, verdict)
            if cached.crc == crc:
                known[oid] = cached
        return known

    def may_have_alike(self, first_mention: bytes) -> bool:
        """Whether there may be a row whose mentions begin with this line; True where the cache cannot tell."""
        digest = zlib.crc32(first_mention)

        def find(database: Connection) -> bool:
            query = "SELECT 1 FROM entry WHERE digest = ? LIMIT 1"
            alike = database.execute(query, [digest]).fetchone()
            if alike is not None:
                return True
            # An empty cache is a new one, or one that was lost: it says nothing of what is there.
            row = database.execute("SELECT 1 FROM entry LIMIT 1").fetchone()
            return row is None

        return self._file.run(find, True)

    def bodies(self, oids: Sequence[str]) -> Bodies:
        """The bytes of some blobs, as far as they are here and sound; perhaps of others, too."""
        rows = self._rows("SELECT oid, blob, crc FROM body", oids)
        bodies: Bodies = {}
        for oid, blob, crc in rows:
            if isinstance(blob, bytes) and checksum(oid, blob) == crc:
                bodies[oid] = blob
        return bodies

    def _rows(
        self,
        query: str,
        oids: Sequence[str] | None,
    ) -> list[Any]:
        """The rows of some objects; where they are many, or none are named, all that there are."""
        asked: Sequence[str] = ()
        if oids is not None and len(oids) <= _ASKED_MOST:
            marks = ",".join("?" * len(oids))
            query = f"{query} WHERE oid IN ({marks})"
            asked = oids
        return self._file.select(query, asked)

    def put(self, rows: Sequence[RecordRow]) -> None:
        """Add rows; the blob of what is no record is not kept."""
        facts: list[tuple[str, Verdict, str, bytes, int, int]] = []
        bodies: list[tuple[str, bytes, int]] = []
        for cached, blob in rows:
            oid, ref, mentions, verdict = cached
            row = (oid, verdict, ref, mentions, cached.crc, cached.digest)
            facts.append(row)
            if blob is not None:
                crc = checksum(oid, blob)
                bodies.append((oid, blob, crc))

        def insert(database: Connection) -> None:
            with transaction(database):
                database.executemany(
                    "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?)", facts
                )
                database.executemany("INSERT OR REPLACE INTO body VALUES (?, ?, ?)", bodies)

        self._file.run(insert, None)

    def forget(self, oids: Iterable[str]) -> None:
        """Drop rows."""
        keys = [(oid,) for oid in oids]

        def delete(database: Connection) -> None:
            with transaction(database):
                database.executemany("DELETE FROM entry WHERE oid = ?", keys)
                database.executemany("DELETE FROM body WHERE oid = ?", keys)

        self._file.run(delete, None)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _prepare(database: Connection) -> None:
    # not flushed: after a power failure the checksums tell what is whole
    database.execute("PRAGMA synchronous = OFF")
    database.executescript(_TABLES + index_tables.TABLES + _SELDOM_ASKED)


def _are_text(
    oid: object,
    ref: object,
    mentions: object,
    verdict: object,
) -> bool:
    return (
        isinstance(oid, str)
        and isinstance(ref, str)
        and isinstance(mentions, bytes)
        and isinstance(verdict, str)
    )
